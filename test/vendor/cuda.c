/* Stand-in for libcuda.so.1: the library itself, and what a GPU is. */
#include "cuda_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double mib = 1048576;

struct cuda_stand_in cuda_stand_in;

double stand_in_figure(int gpu, const char *key, double otherwise)
{
	double number;
	unsigned error;

	return scenario_number(&cuda_stand_in.scenario, gpu, SCENARIO_NO_LINK, key, &number,
			       &error) == SCENARIO_VALUE
		       ? number
		       : otherwise;
}

const char *stand_in_line(int gpu, const char *key, unsigned number)
{
	const struct scenario *scenario = &cuda_stand_in.scenario;
	const struct scenario_line *line;

	for (unsigned i = 0; (line = scenario_nth(scenario, gpu, key, i)); i++)
		if (scenario_holds(scenario, line) && number-- == 0)
			return line->value;
	return NULL;
}

bool stand_in_may(int gpu, const char *call, uint32_t *ret_status)
{
	*ret_status = CUDA_STATUS_UNKNOWN;
	if (gpu >= 0 && scenario_vanished(&cuda_stand_in.scenario, gpu))
		return false;
	if (scenario_fault(&cuda_stand_in.scenario, gpu, call, ret_status) == SCENARIO_FAULT_ERROR)
		return false;
	*ret_status = CUDA_STATUS_SUCCESS;
	return true;
}

int stand_in_gpu(void)
{
	return cuda_stand_in.current ? cuda_stand_in.current->gpu : -1;
}

uint64_t stand_in_room(int gpu)
{
	return (uint64_t)(stand_in_figure(gpu, "cuda_memory", 16) * mib);
}

/* How functions of no GPU begin. */
static bool enter_system(const char *call, const void *out, uint32_t *ret_status)
{
	*ret_status = CUDA_STATUS_NOT_INITIALIZED;
	if (!cuda_stand_in.is_started)
		return false;
	*ret_status = CUDA_STATUS_INVALID_VALUE;
	return out && stand_in_may(SCENARIO_SYSTEM, call, ret_status);
}

bool cuda_enter(const char *call, int device, uint32_t *ret_status)
{
	*ret_status = CUDA_STATUS_NOT_INITIALIZED;
	if (!cuda_stand_in.is_started)
		return false;
	*ret_status = CUDA_STATUS_INVALID_DEVICE;
	if (device < 0 || (unsigned)device >= cuda_stand_in.count)
		return false;
	return stand_in_may(cuda_stand_in.contexts[device].gpu, call, ret_status);
}

bool cuda_enter_context(const char *call, struct gpu_context **ret_context, uint32_t *ret_status)
{
	*ret_status = CUDA_STATUS_INVALID_CONTEXT;
	*ret_context = cuda_stand_in.current;
	if (!*ret_context)
		return false;
	return stand_in_may((*ret_context)->gpu, call, ret_status);
}

/* In MIG mode the driver shows slices, and nothing where there is none. */
static bool is_shown(int gpu)
{
	return !scenario_vanished(&cuda_stand_in.scenario, gpu) &&
	       (stand_in_figure(gpu, "mig", 0) < 1 || stand_in_figure(gpu, "mig_slices", 0) >= 1);
}

uint32_t cuInit(unsigned flags)
{
	struct scenario *scenario = &cuda_stand_in.scenario;
	char vendor[SCENARIO_TEXT_SIZE] = "";
	unsigned error;
	uint32_t status;

	if (flags != 0)
		return CUDA_STATUS_INVALID_VALUE;
	if (cuda_stand_in.is_started)
		return CUDA_STATUS_SUCCESS;
	if (!getenv("ASSAY_SCENARIO"))
		return CUDA_STATUS_NO_DEVICE;
	if (!scenario_load(scenario)) {
		(void)fprintf(stderr, "libcuda stand-in: %s\n", scenario->complaint);
		return CUDA_STATUS_UNKNOWN;
	}
	if (!stand_in_may(SCENARIO_SYSTEM, "cuInit", &status))
		return status;
	(void)scenario_text(scenario, SCENARIO_SYSTEM, "vendor", vendor, &error);
	int gpus = strcmp(vendor, STAND_IN_MAKER) == 0
			   ? (int)stand_in_figure(SCENARIO_SYSTEM, "gpus", 0)
			   : 0;
	cuda_stand_in.count = 0;
	for (int gpu = 0; gpu < gpus && gpu < SCENARIO_GPUS_MAXIMUM; gpu++) {
		if (!is_shown(gpu))
			continue;
		cuda_stand_in.contexts[cuda_stand_in.count] = (struct gpu_context){
			.gpu = gpu,
			.index = (int)cuda_stand_in.count,
		};
		cuda_stand_in.count++;
	}
	cuda_stand_in.is_started = cuda_stand_in.count > 0;
	return cuda_stand_in.is_started ? CUDA_STATUS_SUCCESS : CUDA_STATUS_NO_DEVICE;
}

uint32_t cuDriverGetVersion(int *version)
{
	uint32_t status;

	if (!enter_system("cuDriverGetVersion", version, &status))
		return status;
	*version = (int)stand_in_figure(SCENARIO_SYSTEM, "cuda", 0);
	return CUDA_STATUS_SUCCESS;
}

static const struct {
	uint32_t status;
	const char *name, *words;
} words_of[] = {
	{ CUDA_STATUS_SUCCESS, "CUDA_SUCCESS", "no error" },
	{ CUDA_STATUS_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument" },
	{ CUDA_STATUS_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory" },
	{ CUDA_STATUS_DEVICE_UNAVAILABLE, "CUDA_ERROR_DEVICE_UNAVAILABLE",
	  "CUDA-capable device(s) is/are busy or unavailable" },
	{ CUDA_STATUS_NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected" },
	{ CUDA_STATUS_INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal" },
	{ CUDA_STATUS_ECC_UNCORRECTABLE, "CUDA_ERROR_ECC_UNCORRECTABLE",
	  "uncorrectable ECC error encountered" },
	{ CUDA_STATUS_UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
	  "the provided PTX was compiled with an unsupported toolchain." },
	{ CUDA_STATUS_NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found" },
	{ CUDA_STATUS_ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS",
	  "an illegal memory access was encountered" },
	{ CUDA_STATUS_LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure" },
	{ CUDA_STATUS_SYSTEM_NOT_READY, "CUDA_ERROR_SYSTEM_NOT_READY",
	  "system not yet initialized" },
	{ CUDA_STATUS_DRIVER_MISMATCH, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH",
	  "system has unsupported display driver / cuda driver combination" },
	{ CUDA_STATUS_UNKNOWN, "CUDA_ERROR_UNKNOWN", "unknown error" },
};

static uint32_t tell(uint32_t which, bool name, const char **text)
{
	for (size_t i = 0; i < sizeof(words_of) / sizeof(words_of[0]); i++) {
		if (words_of[i].status != which)
			continue;
		*text = name ? words_of[i].name : words_of[i].words;
		return CUDA_STATUS_SUCCESS;
	}
	*text = NULL;
	return CUDA_STATUS_INVALID_VALUE;
}

uint32_t cuGetErrorName(uint32_t which, const char **text)
{
	return tell(which, true, text);
}

uint32_t cuGetErrorString(uint32_t which, const char **text)
{
	return tell(which, false, text);
}

uint32_t cuDeviceGetCount(int *count)
{
	uint32_t status;

	if (!enter_system("cuDeviceGetCount", count, &status))
		return status;
	*count = (int)cuda_stand_in.count;
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuDeviceGet(int *device, int index)
{
	uint32_t status;

	if (!cuda_enter("cuDeviceGet", index, &status))
		return status;
	*device = index;
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuDeviceGetName(char *name, int size, int device)
{
	char text[SCENARIO_TEXT_SIZE] = "";
	unsigned error;
	uint32_t status;

	if (!cuda_enter("cuDeviceGetName", device, &status))
		return status;
	int gpu = cuda_stand_in.contexts[device].gpu;
	(void)scenario_text(&cuda_stand_in.scenario, gpu, "name", text, &error);
	(void)snprintf(name, (size_t)size, "%s%s", text,
		       stand_in_figure(gpu, "mig", 0) >= 1 ? " MIG 1g.10gb" : "");
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuDeviceGetUuid_v2(struct gpu_uuid *uuid, int device)
{
	uint32_t status;

	if (!cuda_enter("cuDeviceGetUuid_v2", device, &status))
		return status;
	*uuid = (struct gpu_uuid){ .bytes = { 0x5a } };
	uuid->bytes[15] = (unsigned char)cuda_stand_in.contexts[device].gpu;
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuDeviceGetPCIBusId(char *address, int size, int device)
{
	char text[SCENARIO_TEXT_SIZE] = "";
	unsigned error;
	uint32_t status;

	if (!cuda_enter("cuDeviceGetPCIBusId", device, &status))
		return status;
	(void)scenario_text(&cuda_stand_in.scenario, cuda_stand_in.contexts[device].gpu, "pci",
			    text, &error);
	if (strlen(text) >= (size_t)size)
		return CUDA_STATUS_INVALID_VALUE;
	memcpy(address, text, strlen(text) + 1);
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuDeviceGetByPCIBusId(int *device, const char *address)
{
	char own[64];

	for (int i = 0; i < (int)cuda_stand_in.count; i++) {
		if (cuDeviceGetPCIBusId(own, (int)sizeof(own), i) != CUDA_STATUS_SUCCESS ||
		    strcmp(own, address) != 0)
			continue;
		*device = i;
		return CUDA_STATUS_SUCCESS;
	}
	return CUDA_STATUS_INVALID_DEVICE;
}

static uint64_t memory_of(int gpu)
{
	return (uint64_t)((stand_in_figure(gpu, "memory", 0) -
			   stand_in_figure(gpu, "memory_reserved", 0)) *
			  mib);
}

uint32_t cuDeviceTotalMem_v2(size_t *bytes, int device)
{
	uint32_t status;

	if (!cuda_enter("cuDeviceTotalMem_v2", device, &status))
		return status;
	*bytes = memory_of(cuda_stand_in.contexts[device].gpu);
	return CUDA_STATUS_SUCCESS;
}

/* "compute_capability 9 0" is 9 for word 0. */
static int capability_of(int gpu, unsigned word)
{
	char text[SCENARIO_TEXT_SIZE];
	unsigned error;
	double number;

	if (scenario_text(&cuda_stand_in.scenario, gpu, "compute_capability", text, &error) !=
		    SCENARIO_VALUE ||
	    !scenario_word(text, word, &number))
		return word == 0 ? 8 : 0;
	return (int)number;
}

static const struct {
	enum cuda_attribute attribute;
	const char *key;
	double otherwise, scale;
} attributes[] = {
	{ CUDA_ATTRIBUTE_CLOCK_KHZ, "clock_sm_maximum", 1980, 1000 },
	{ CUDA_ATTRIBUTE_MULTIPROCESSORS, "multiprocessors", 132, 1 },
	{ CUDA_ATTRIBUTE_INTEGRATED, "integrated", 0, 1 },
	{ CUDA_ATTRIBUTE_COMPUTE_MODE, "compute_mode", 0, 1 },
	{ CUDA_ATTRIBUTE_ECC, "ecc", 1, 1 },
	{ CUDA_ATTRIBUTE_MEMORY_CLOCK_KHZ, "clock_memory_maximum", 2619, 1000 },
	{ CUDA_ATTRIBUTE_BUS_BITS, "memory_width", 5120, 1 },
	{ CUDA_ATTRIBUTE_CACHE_BYTES, "cuda_cache", 50, 1048576 },
	{ CUDA_ATTRIBUTE_THREADS_PER_MULTIPROCESSOR, "threads_per_multiprocessor", 2048, 1 },
	{ CUDA_ATTRIBUTE_COPY_ENGINES, "copy_engines", 3, 1 },
	{ CUDA_ATTRIBUTE_UNIFIED_ADDRESSING, "unified", 1, 1 },
	{ CUDA_ATTRIBUTE_SHARED_PER_BLOCK, "shared_per_block", 232448, 1 },
	{ CUDA_ATTRIBUTE_NUMA_OF_MEMORY, "numa_of_memory", -1, 1 },
	{ CUDA_ATTRIBUTE_NUMA_OF_HOST, "numa", -1, 1 },
};

uint32_t cuDeviceGetAttribute(int *value, int attribute, int device)
{
	uint32_t status;

	if (!cuda_enter("cuDeviceGetAttribute", device, &status))
		return status;
	int gpu = cuda_stand_in.contexts[device].gpu;
	if (attribute == CUDA_ATTRIBUTE_CAPABILITY_MAJOR ||
	    attribute == CUDA_ATTRIBUTE_CAPABILITY_MINOR) {
		*value = capability_of(gpu, attribute == CUDA_ATTRIBUTE_CAPABILITY_MINOR);
		return CUDA_STATUS_SUCCESS;
	}
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		if ((int)attributes[i].attribute != attribute)
			continue;
		*value = (int)lround(
			stand_in_figure(gpu, attributes[i].key, attributes[i].otherwise) *
			attributes[i].scale);
		return CUDA_STATUS_SUCCESS;
	}
	return CUDA_STATUS_INVALID_VALUE;
}

/* "no_peer 3": GPU 3 of the scenario is out of reach. */
static bool can_reach(int gpu, int peer)
{
	const char *value;
	double number;

	for (unsigned i = 0; (value = stand_in_line(gpu, "no_peer", i)); i++)
		if (scenario_word(value, 0, &number) && (int)number == peer)
			return false;
	return gpu != peer;
}

uint32_t cuDeviceCanAccessPeer(int *can, int device, int peer)
{
	uint32_t status;

	if (!cuda_enter("cuDeviceCanAccessPeer", device, &status) ||
	    !cuda_enter("cuDeviceCanAccessPeer", peer, &status))
		return status;
	*can = can_reach(cuda_stand_in.contexts[device].gpu, cuda_stand_in.contexts[peer].gpu);
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuDeviceGetP2PAttribute(int *value, int attribute, int device, int peer)
{
	int can = 0;
	uint32_t status = cuDeviceCanAccessPeer(&can, device, peer);

	*value = attribute == CUDA_PEER_RANK ? 0 : can;
	return status;
}

/* A GPU in the exclusive mode has room for one process, and somebody is there. */
static bool is_taken(int gpu)
{
	double mode = stand_in_figure(gpu, "compute_mode", 0);

	return mode >= 3 ? stand_in_line(gpu, "process", 0) != NULL : mode >= 2;
}

uint32_t cuDevicePrimaryCtxRetain(struct gpu_context **context, int device)
{
	uint32_t status;

	if (!cuda_enter("cuDevicePrimaryCtxRetain", device, &status))
		return status;
	struct gpu_context *own = &cuda_stand_in.contexts[device];
	if (is_taken(own->gpu))
		return CUDA_STATUS_DEVICE_UNAVAILABLE;
	own->own.context = own;
	own->bytes = memory_of(own->gpu);
	own->users++;
	*context = own;
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuCtxSetCurrent(struct gpu_context *context)
{
	uint32_t status;

	if (context && !stand_in_may(context->gpu, "cuCtxSetCurrent", &status))
		return status;
	cuda_stand_in.current = context;
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuCtxGetCurrent(struct gpu_context **context)
{
	*context = cuda_stand_in.current;
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuCtxEnablePeerAccess(struct gpu_context *peer, unsigned flags)
{
	struct gpu_context *context;
	uint32_t status;

	if (!cuda_enter_context("cuCtxEnablePeerAccess", &context, &status))
		return status;
	if (flags != 0 || !can_reach(context->gpu, peer->gpu))
		return CUDA_STATUS_PEER_ACCESS_UNSUPPORTED;
	if (context->peers & (UINT64_C(1) << peer->index))
		return CUDA_STATUS_PEER_ACCESS_ALREADY_ENABLED;
	context->peers |= UINT64_C(1) << peer->index;
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuCtxDisablePeerAccess(struct gpu_context *peer)
{
	struct gpu_context *context;
	uint32_t status;

	if (!cuda_enter_context("cuCtxDisablePeerAccess", &context, &status))
		return status;
	if (!(context->peers & (UINT64_C(1) << peer->index)))
		return CUDA_STATUS_PEER_ACCESS_NOT_ENABLED;
	context->peers &= ~(UINT64_C(1) << peer->index);
	return CUDA_STATUS_SUCCESS;
}
