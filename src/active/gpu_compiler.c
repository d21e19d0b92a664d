#include "active/gpu_compiler.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	IMAGE_MAXIMUM = 64 << 20,
	LOG_MAXIMUM = 1 << 20,
	TARGET_SIZE = 64,
};

struct program;

/* As both declare them. */
typedef int create_program(struct program **program, const char *text, const char *name,
			   int header_count, const char *const *headers, const char *const *names);
typedef int compile_program(struct program *program, int count, const char *const *options);
typedef int tell_size(struct program *program, size_t *size);
typedef int tell_bytes(struct program *program, char *bytes);
typedef int destroy_program(struct program **program);
typedef const char *word_status(int status);

/* Member, its type, its names in NVRTC and in HIPRTC; NULL: it has none. */
#define COMPILER_CALLS(X)                                                           \
	X(create, create_program, "nvrtcCreateProgram", "hiprtcCreateProgram")      \
	X(compile, compile_program, "nvrtcCompileProgram", "hiprtcCompileProgram")  \
	X(portable_size, tell_size, "nvrtcGetPTXSize", NULL)                        \
	X(portable, tell_bytes, "nvrtcGetPTX", NULL)                                \
	X(code_size, tell_size, "nvrtcGetCUBINSize", "hiprtcGetCodeSize")           \
	X(code, tell_bytes, "nvrtcGetCUBIN", "hiprtcGetCode")                       \
	X(log_size, tell_size, "nvrtcGetProgramLogSize", "hiprtcGetProgramLogSize") \
	X(log, tell_bytes, "nvrtcGetProgramLog", "hiprtcGetProgramLog")             \
	X(destroy, destroy_program, "nvrtcDestroyProgram", "hiprtcDestroyProgram")  \
	X(words, word_status, "nvrtcGetErrorString", "hiprtcGetErrorString")

struct gpu_compiler {
	struct worker_port *port;
	struct library library;
	enum gpu_maker maker;
#define COMPILER_MEMBER(member, type, nvrtc, hiprtc) type *(member);
	COMPILER_CALLS(COMPILER_MEMBER)
#undef COMPILER_MEMBER
};

static const struct {
	size_t at;
	const char *nvrtc, *hiprtc;
} slots[] = {
#define COMPILER_SLOT(member, type, nvrtc, hiprtc) \
	{ offsetof(struct gpu_compiler, member), nvrtc, hiprtc },
	COMPILER_CALLS(COMPILER_SLOT)
#undef COMPILER_SLOT
};

static bool open_library(enum gpu_maker maker, struct library *ret_library, struct error *err)
{
	static const char *const nvrtc[] = {
		"libnvrtc.so.13",
		"libnvrtc.so.12",
		"libnvrtc.so.11.2",
		/* Where a toolkit lies that the loader was not told of. */
		"/usr/local/cuda/lib64/libnvrtc.so.13",
		"/usr/local/cuda/lib64/libnvrtc.so.12",
		"/usr/local/cuda/lib64/libnvrtc.so.11.2",
		NULL,
	};
	static const char *const hiprtc[] = {
		"libhiprtc.so.7",
		"libhiprtc.so.6",
		"/opt/rocm/lib/libhiprtc.so.7",
		"/opt/rocm/lib/libhiprtc.so.6",
		NULL,
	};

	return library_open_vendor(maker == GPU_AMD ? hiprtc : nvrtc, ret_library, NULL, err);
}

static bool find_calls(struct gpu_compiler *compiler, struct error *err)
{
	for (size_t i = 0; i < COUNT(slots); i++) {
		const char *name = compiler->maker == GPU_AMD ? slots[i].hiprtc : slots[i].nvrtc;
		const char *const symbols[] = { name, NULL };
		void *address;

		if (!name)
			continue;
		address = library_symbol(&compiler->library, symbols, NULL);
		if (!address)
			return fail(err, ERROR_MISSING, "the run-time compiler has no %s", name);
		memcpy((char *)compiler + slots[i].at, &address, sizeof(address));
	}
	return true;
}

bool gpu_compiler_open(struct worker_port *port, enum gpu_maker maker,
		       const struct gpu_compiler **ret_compiler, struct error *err)
{
	struct gpu_compiler *compiler = calloc(1, sizeof(*compiler));

	if (!compiler)
		return fail(err, ERROR_LIMIT, "no memory for the run-time compiler");
	compiler->port = port;
	compiler->maker = maker;
	worker_calls(port, "dlopen %s", maker == GPU_AMD ? "libhiprtc.so" : "libnvrtc.so");
	if (!open_library(maker, &compiler->library, err) || !find_calls(compiler, err)) {
		free(compiler);
		return false;
	}
	*ret_compiler = compiler;
	return true;
}

/* The name of a member's function, for errors. */
static const char *name_of(const struct gpu_compiler *compiler, size_t at)
{
	for (size_t i = 0; i < COUNT(slots); i++)
		if (slots[i].at == at)
			return compiler->maker == GPU_AMD ? slots[i].hiprtc : slots[i].nvrtc;
	return "the run-time compiler";
}

#define NAME_OF(compiler, member) name_of((compiler), offsetof(struct gpu_compiler, member))

static bool refuse(const struct gpu_compiler *compiler, const char *call, int status,
		   struct error *err)
{
	return fail(err, ERROR_UNSUPPORTED, "%s: %.100s (%d)", call, compiler->words(status),
		    status);
}

/* The first line of what the compiler complained of. */
static bool complain(const struct gpu_compiler *compiler, struct program *program, int status,
		     struct error *err)
{
	const char *call = NAME_OF(compiler, compile);
	size_t size = 0;
	char *log = NULL;

	if (compiler->log_size(program, &size) == 0 && size > 1 && size < LOG_MAXIMUM)
		log = calloc(1, size + 1);
	if (!log || compiler->log(program, log) != 0) {
		free(log);
		return refuse(compiler, call, status, err);
	}
	log[strcspn(log, "\n")] = '\0';
	(void)fail(err, ERROR_UNSUPPORTED, "%s: %.200s (%d)", call, log, status);
	free(log);
	return false;
}

static bool take_image(const struct gpu_compiler *compiler, struct program *program,
		       bool is_portable, char **ret_image, size_t *ret_size, struct error *err)
{
	tell_size *ask_size = is_portable ? compiler->portable_size : compiler->code_size;
	tell_bytes *ask_bytes = is_portable ? compiler->portable : compiler->code;
	const char *call = is_portable ? NAME_OF(compiler, portable) : NAME_OF(compiler, code);
	size_t size = 0;
	int status = ask_size(program, &size);

	if (status != 0 || size == 0 || size > IMAGE_MAXIMUM)
		return refuse(compiler, call, status, err);
	char *image = calloc(1, size + 1);
	if (!image)
		return fail(err, ERROR_LIMIT, "no memory for %zu bytes of kernels", size);
	status = ask_bytes(program, image);
	if (status != 0) {
		free(image);
		return refuse(compiler, call, status, err);
	}
	*ret_image = image;
	*ret_size = size;
	return true;
}

/* What a program is compiled with: fused operations only where the source has them, so that each
 * result is the same wherever it is computed. Returns how many there are. */
static int options_of(const struct gpu_compiler *compiler, const char *architecture,
		      char target[static TARGET_SIZE], const char *ret_options[static 2])
{
	ret_options[0] = compiler->maker == GPU_AMD ? "-ffp-contract=off" : "--fmad=false";
	if (!architecture)
		return 1;
	(void)snprintf(target, TARGET_SIZE, "%s=%s",
		       compiler->maker == GPU_AMD ? "--offload-arch" : "--gpu-architecture",
		       architecture);
	ret_options[1] = target;
	return 2;
}

bool gpu_compile(const struct gpu_compiler *compiler, const struct kernel_source *source,
		 const char *architecture, char **ret_image, size_t *ret_size, struct error *err)
{
	struct program *program = NULL;
	char target[TARGET_SIZE];
	const char *options[2];
	int count = options_of(compiler, architecture, target, options);
	bool good = false;

	worker_calls(compiler->port, "%s %s %s", NAME_OF(compiler, compile), source->name,
		     architecture ? architecture : "this GPU");
	int status = compiler->create(&program, source->text, source->name, 0, NULL, NULL);
	if (status != 0)
		return refuse(compiler, NAME_OF(compiler, create), status, err);
	status = compiler->compile(program, count, options);
	if (status != 0)
		(void)complain(compiler, program, status, err);
	else
		good = take_image(compiler, program,
				  architecture && strncmp(architecture, "compute_", 8) == 0,
				  ret_image, ret_size, err);
	(void)compiler->destroy(&program);
	return good;
}
