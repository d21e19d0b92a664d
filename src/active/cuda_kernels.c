#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/cuda.h"
#include "active/nvrtc.h"

enum {
	LOG_SIZE = 2048,
};

/* What the driver's compiler had to say, on one line. */
static const char *first_line(char *log)
{
	log[strcspn(log, "\n")] = '\0';
	return log;
}

static bool load(const struct cuda_device *device, const void *image,
		 struct cuda_module **ret_module, struct error *err)
{
	char log[LOG_SIZE] = "";
	const int options[] = { CUDA_JIT_ERROR_LOG, CUDA_JIT_ERROR_LOG_SIZE };
	void *values[] = { log, NULL };
	/* The size stands in the pointer itself. */
	const uintptr_t size = sizeof(log) - 1;

	memcpy(&values[1], &size, sizeof(size));
	uint32_t status = CUDA_CALL(device->cuda, device->gpu, cuModuleLoadDataEx, ret_module,
				    image, 2, options, values);

	if (cuda_done(device->cuda, status, "cuModuleLoadDataEx", device->gpu, err))
		return true;
	return log[0] ? fail_while(err, "%.120s", first_line(log)) : false;
}

/* Machine code for this very GPU. A compiler that is missing, older than the GPU or newer than the
 * driver is no fault: the PTX serves as well. */
static bool load_compiled(const struct cuda_device *device, const struct kernel_source *source,
			  struct cuda_module **ret_module)
{
	const struct nvrtc *nvrtc;
	struct error ignored = { 0 };
	char architecture[32];
	char *image;
	size_t size;

	(void)snprintf(architecture, sizeof(architecture), "sm_%u", device->capability);
	if (!nvrtc_open(device->cuda->port, &nvrtc, &ignored) ||
	    !nvrtc_compile(nvrtc, source, architecture, &image, &size, &ignored))
		return false;
	bool good = load(device, image, ret_module, &ignored);

	free(image);
	return good;
}

bool cuda_kernels_load(const struct cuda_device *device, const struct kernel_source *source,
		       struct cuda_kernels *ret_kernels, struct error *err)
{
	struct cuda_kernels kernels = { .module = NULL };

	kernels.by_nvrtc = load_compiled(device, source, &kernels.module);
	if (!kernels.by_nvrtc && !load(device, source->ptx, &kernels.module, err))
		return fail_while(err, "loading the kernels '%s'", source->name);
	*ret_kernels = kernels;
	return true;
}

void cuda_kernels_drop(const struct cuda_device *device, struct cuda_kernels *kernels)
{
	if (kernels->module)
		(void)CUDA_CALL(device->cuda, device->gpu, cuModuleUnload, kernels->module);
	kernels->module = NULL;
}

/* NOLINTNEXTLINE(readability-function-size): a part of the parameters of cuLaunchKernel */
bool cuda_start(const struct cuda_device *device, const struct cuda_kernels *kernels,
		const char *name, unsigned blocks, unsigned threads, void **arguments,
		struct cuda_stream *stream, struct error *err)
{
	const struct cuda *cuda = device->cuda;
	struct cuda_function *function = NULL;
	uint32_t status =
		CUDA_CALL(cuda, device->gpu, cuModuleGetFunction, &function, kernels->module, name);

	if (!cuda_done(cuda, status, "cuModuleGetFunction", device->gpu, err))
		return fail_while(err, "kernel '%s'", name);
	status = CUDA_CALL(cuda, device->gpu, cuLaunchKernel, function, blocks, 1, 1, threads, 1, 1,
			   0, stream, arguments, NULL);
	if (!cuda_done(cuda, status, "cuLaunchKernel", device->gpu, err))
		return fail_while(err, "kernel '%s'", name);
	return true;
}
