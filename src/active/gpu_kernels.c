#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/gpu_compiler.h"
#include "active/gpu_driver.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	LOG_SIZE = 2048,
};

/* What the driver's compiler had to say, on one line. */
static const char *first_line(char *log)
{
	log[strcspn(log, "\n")] = '\0';
	return log;
}

/* HIP heeds no such options. */
static bool load(const struct gpu_device *device, const void *image, struct gpu_module **ret_module,
		 struct error *err)
{
	char log[LOG_SIZE] = "";
	const int options[] = { CUDA_JIT_ERROR_LOG, CUDA_JIT_ERROR_LOG_SIZE };
	void *values[] = { log, NULL };
	/* The size stands in the pointer itself. */
	const uintptr_t size = sizeof(log) - 1;
	const unsigned count = device->driver->maker == GPU_AMD ? 0 : COUNT(options);

	memcpy(&values[1], &size, sizeof(size));
	if (GPU_DO(device->driver, device->gpu, err, load, ret_module, image, count, options,
		   values))
		return true;
	return log[0] ? fail_while(err, "%.120s", first_line(log)) : false;
}

/* Machine code for this very GPU. HIPRTC finds out itself which one is current, as no attribute of
 * a device tells its target. */
static bool load_compiled(const struct gpu_device *device, const struct kernel_source *source,
			  struct gpu_module **ret_module, struct error *err)
{
	const struct gpu_driver *driver = device->driver;
	const struct gpu_compiler *compiler;
	char architecture[32];
	char *image;
	size_t size;

	(void)snprintf(architecture, sizeof(architecture), "sm_%u", device->capability);
	if (!gpu_compiler_open(driver->port, driver->maker, &compiler, err) ||
	    !gpu_compile(compiler, source, driver->maker == GPU_AMD ? NULL : architecture, &image,
			 &size, err))
		return false;
	bool good = load(device, image, ret_module, err);

	free(image);
	return good;
}

bool gpu_kernels_load(const struct gpu_device *device, const struct kernel_source *source,
		      struct gpu_kernels *ret_kernels, struct error *err)
{
	struct gpu_kernels kernels = { .module = NULL };

	kernels.by_compiler = load_compiled(device, source, &kernels.module, err);
	/* A compiler that is missing, older than the GPU or newer than the driver is no fault of
	 * NVIDIA's: the PTX serves as well. */
	if (!kernels.by_compiler &&
	    (device->driver->maker == GPU_AMD || !load(device, source->ptx, &kernels.module, err)))
		return fail_while(err, "loading the kernels '%s'", source->name);
	*ret_kernels = kernels;
	return true;
}

void gpu_kernels_drop(const struct gpu_device *device, struct gpu_kernels *kernels)
{
	if (kernels->module)
		(void)GPU_CALL(device->driver, device->gpu, unload, kernels->module);
	kernels->module = NULL;
}

/* NOLINTNEXTLINE(readability-function-size): a part of the parameters of cuLaunchKernel */
bool gpu_start(const struct gpu_device *device, const struct gpu_kernels *kernels, const char *name,
	       unsigned blocks, unsigned threads, void **arguments, struct gpu_stream *stream,
	       struct error *err)
{
	const struct gpu_driver *driver = device->driver;
	struct gpu_function *function = NULL;

	return (GPU_DO(driver, device->gpu, err, find_kernel, &function, kernels->module, name) &&
		GPU_DO(driver, device->gpu, err, start, function, blocks, 1, 1, threads, 1, 1, 0,
		       stream, arguments, NULL)) ||
	       fail_while(err, "kernel '%s'", name);
}
