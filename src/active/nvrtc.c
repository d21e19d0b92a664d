#include "active/nvrtc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	IMAGE_MAXIMUM = 64 << 20,
	LOG_MAXIMUM = 1 << 20,
};

struct nvrtc_program;

int nvrtcVersion(int *major, int *minor);
int nvrtcCreateProgram(struct nvrtc_program **program, const char *text, const char *name,
		       int header_count, const char *const *headers, const char *const *names);
int nvrtcCompileProgram(struct nvrtc_program *program, int count, const char *const *options);
int nvrtcGetPTXSize(struct nvrtc_program *program, size_t *size);
int nvrtcGetPTX(struct nvrtc_program *program, char *text);
int nvrtcGetCUBINSize(struct nvrtc_program *program, size_t *size);
int nvrtcGetCUBIN(struct nvrtc_program *program, char *image);
int nvrtcGetProgramLogSize(struct nvrtc_program *program, size_t *size);
int nvrtcGetProgramLog(struct nvrtc_program *program, char *text);
int nvrtcDestroyProgram(struct nvrtc_program **program);
const char *nvrtcGetErrorString(int status);

#define NVRTC_CALLS(X)            \
	X(nvrtcVersion)           \
	X(nvrtcCreateProgram)     \
	X(nvrtcCompileProgram)    \
	X(nvrtcGetPTXSize)        \
	X(nvrtcGetPTX)            \
	X(nvrtcGetCUBINSize)      \
	X(nvrtcGetCUBIN)          \
	X(nvrtcGetProgramLogSize) \
	X(nvrtcGetProgramLog)     \
	X(nvrtcDestroyProgram)    \
	X(nvrtcGetErrorString)

struct nvrtc {
	struct worker_port *port;
	struct library library;
	int major, minor;
#define NVRTC_MEMBER(function) __typeof__ (&(function))(function);
	NVRTC_CALLS(NVRTC_MEMBER)
#undef NVRTC_MEMBER
};

static const struct {
	size_t at;
	const char *name;
} slots[] = {
#define NVRTC_SLOT(function) { offsetof(struct nvrtc, function), #function },
	NVRTC_CALLS(NVRTC_SLOT)
#undef NVRTC_SLOT
};

static bool open_library(struct library *ret_library, struct error *err)
{
	static const char *const names[] = {
		"libnvrtc.so.13",
		"libnvrtc.so.12",
		"libnvrtc.so.11.2",
		/* Where a toolkit lies that the loader was not told of. */
		"/usr/local/cuda/lib64/libnvrtc.so.13",
		"/usr/local/cuda/lib64/libnvrtc.so.12",
		"/usr/local/cuda/lib64/libnvrtc.so.11.2",
		NULL,
	};

	return library_open_vendor(names, ret_library, NULL, err);
}

bool nvrtc_open(struct worker_port *port, const struct nvrtc **ret_nvrtc, struct error *err)
{
	struct nvrtc *nvrtc = calloc(1, sizeof(*nvrtc));

	if (!nvrtc)
		return fail(err, ERROR_LIMIT, "no memory for the run-time compiler");
	nvrtc->port = port;
	worker_calls(port, "dlopen libnvrtc.so");
	if (!open_library(&nvrtc->library, err)) {
		free(nvrtc);
		return false;
	}
	for (size_t i = 0; i < COUNT(slots); i++) {
		const char *const symbols[] = { slots[i].name, NULL };
		void *address = library_symbol(&nvrtc->library, symbols, NULL);

		if (!address) {
			free(nvrtc);
			return fail(err, ERROR_MISSING, "libnvrtc has no %s", slots[i].name);
		}
		memcpy((char *)nvrtc + slots[i].at, &address, sizeof(address));
	}
	worker_calls(port, "nvrtcVersion");
	(void)nvrtc->nvrtcVersion(&nvrtc->major, &nvrtc->minor);
	*ret_nvrtc = nvrtc;
	return true;
}

unsigned nvrtc_version(const struct nvrtc *nvrtc)
{
	return (unsigned)(nvrtc->major * 1000 + nvrtc->minor * 10);
}

static bool refuse(const struct nvrtc *nvrtc, const char *call, int status, struct error *err)
{
	return fail(err, ERROR_UNSUPPORTED, "%s: %.100s (%d)", call,
		    nvrtc->nvrtcGetErrorString(status), status);
}

/* The first line of what the compiler complained of. */
static bool complain(const struct nvrtc *nvrtc, struct nvrtc_program *program, int status,
		     struct error *err)
{
	size_t size = 0;
	char *log = NULL;

	if (nvrtc->nvrtcGetProgramLogSize(program, &size) == 0 && size > 1 && size < LOG_MAXIMUM)
		log = calloc(1, size + 1);
	if (!log || nvrtc->nvrtcGetProgramLog(program, log) != 0) {
		free(log);
		return refuse(nvrtc, "nvrtcCompileProgram", status, err);
	}
	log[strcspn(log, "\n")] = '\0';
	(void)fail(err, ERROR_UNSUPPORTED, "nvrtcCompileProgram: %.200s (%d)", log, status);
	free(log);
	return false;
}

/* PTX for "compute_…", machine code for "sm_…". */
static bool take_image(const struct nvrtc *nvrtc, struct nvrtc_program *program, bool is_ptx,
		       char **ret_image, size_t *ret_size, struct error *err)
{
	size_t size = 0;
	int status = is_ptx ? nvrtc->nvrtcGetPTXSize(program, &size)
			    : nvrtc->nvrtcGetCUBINSize(program, &size);

	if (status != 0 || size == 0 || size > IMAGE_MAXIMUM)
		return refuse(nvrtc, is_ptx ? "nvrtcGetPTXSize" : "nvrtcGetCUBINSize", status, err);
	char *image = calloc(1, size + 1);
	if (!image)
		return fail(err, ERROR_LIMIT, "no memory for %zu bytes of kernels", size);
	status = is_ptx ? nvrtc->nvrtcGetPTX(program, image) : nvrtc->nvrtcGetCUBIN(program, image);
	if (status != 0) {
		free(image);
		return refuse(nvrtc, is_ptx ? "nvrtcGetPTX" : "nvrtcGetCUBIN", status, err);
	}
	*ret_image = image;
	*ret_size = size;
	return true;
}

bool nvrtc_compile(const struct nvrtc *nvrtc, const struct kernel_source *source,
		   const char *architecture, char **ret_image, size_t *ret_size, struct error *err)
{
	struct nvrtc_program *program = NULL;
	char target[64];
	const char *const options[] = { target, "--fmad=false" };
	bool good = false;

	(void)snprintf(target, sizeof(target), "--gpu-architecture=%s", architecture);
	worker_calls(nvrtc->port, "nvrtcCompileProgram %s %s", source->name, architecture);
	int status = nvrtc->nvrtcCreateProgram(&program, source->text, source->name, 0, NULL, NULL);
	if (status != 0)
		return refuse(nvrtc, "nvrtcCreateProgram", status, err);
	status = nvrtc->nvrtcCompileProgram(program, 2, options);
	if (status != 0)
		(void)complain(nvrtc, program, status, err);
	else
		good = take_image(nvrtc, program, strncmp(architecture, "compute_", 8) == 0,
				  ret_image, ret_size, err);
	(void)nvrtc->nvrtcDestroyProgram(&program);
	return good;
}
