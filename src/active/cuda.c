#include "active/cuda.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* CUDA 12.0, which R525 serves: what the PTX of the kernels is made for. */
#define VERSION_LEAST 12000

static const struct {
	size_t at;
	const char *newest, *older;
} slots[] = {
#define CUDA_SLOT(function, older) { offsetof(struct cuda_calls, function), #function, older },
	CUDA_CALLS(CUDA_SLOT)
#undef CUDA_SLOT
};

static void find_calls(const struct library *library, struct cuda_calls *ret_calls)
{
	*ret_calls = (struct cuda_calls){ .cuInit = { NULL, NULL } };
	for (size_t i = 0; i < COUNT(slots); i++) {
		const char *const names[] = { slots[i].newest, slots[i].older, NULL };
		char *slot = (char *)ret_calls + slots[i].at;
		unsigned which = 0;
		void *address = library_symbol(library, names, &which);

		if (!address)
			continue;
		memcpy(slot, &address, sizeof(address));
		memcpy(slot + sizeof(address), &names[which], sizeof(names[which]));
	}
}

void cuda_announce(const struct cuda *cuda, const char *call, const char *gpu)
{
	worker_calls(cuda->port, "%s%s%s", call, gpu[0] ? " " : "", gpu);
}

static enum error_code code_of(uint32_t status)
{
	switch (status) {
	case CUDA_STATUS_STUB_LIBRARY:
	case CUDA_STATUS_NO_DEVICE:
	case CUDA_STATUS_INVALID_DEVICE:
		return ERROR_MISSING;
	case CUDA_STATUS_NEWER_DRIVER_NEEDED:
	case CUDA_STATUS_NO_BINARY_FOR_GPU:
	case CUDA_STATUS_UNSUPPORTED_PTX_VERSION:
	case CUDA_STATUS_NOT_FOUND:
	case CUDA_STATUS_NOT_SUPPORTED:
	case CUDA_STATUS_PEER_ACCESS_UNSUPPORTED:
		return ERROR_UNSUPPORTED;
	case CUDA_STATUS_DEVICE_UNAVAILABLE:
		return ERROR_CONFLICT;
	case CUDA_STATUS_OUT_OF_MEMORY:
		return ERROR_LIMIT;
	default:
		return ERROR_IO;
	}
}

bool cuda_done(const struct cuda *cuda, uint32_t status, const char *call, const char *gpu,
	       struct error *err)
{
	const char *words = NULL;

	if (status == CUDA_STATUS_SUCCESS)
		return true;
	if (cuda->calls.cuGetErrorString.call)
		(void)cuda->calls.cuGetErrorString.call(status, &words);
	return fail(err, code_of(status), "%s%s%s: %.120s (%u)", call, gpu[0] ? " " : "", gpu,
		    words ? words : "no word for the status", status);
}

static bool open_library(struct library *ret_library, struct error *err)
{
	static const char *const names[] = {
		"libcuda.so.1",
		/* Where the loader does not look on nodes whose driver comes in a container or
		 * with the operating system of a cloud. */
		"/usr/lib/x86_64-linux-gnu/libcuda.so.1",
		"/usr/lib/aarch64-linux-gnu/libcuda.so.1",
		"/usr/lib64/libcuda.so.1",
		"/run/nvidia/driver/usr/lib/x86_64-linux-gnu/libcuda.so.1",
		"/run/nvidia/driver/usr/lib/aarch64-linux-gnu/libcuda.so.1",
		"/usr/local/nvidia/lib64/libcuda.so.1",
		NULL,
	};

	return library_open_vendor(names, ret_library, NULL, err);
}

bool cuda_open(struct worker_port *port, struct cuda *ret_cuda, struct error *err)
{
	struct cuda cuda = { .port = port };
	int version = 0;
	int count = 0;

	worker_calls(port, "dlopen libcuda.so.1");
	if (!open_library(&cuda.library, err))
		return false;
	find_calls(&cuda.library, &cuda.calls);
	if (!cuda_done(&cuda, CUDA_CALL(&cuda, "", cuInit, 0), "cuInit", "", err) ||
	    !cuda_done(&cuda, CUDA_CALL(&cuda, "", cuDriverGetVersion, &version),
		       "cuDriverGetVersion", "", err) ||
	    !cuda_done(&cuda, CUDA_CALL(&cuda, "", cuDeviceGetCount, &count), "cuDeviceGetCount",
		       "", err))
		return false;
	if (version < VERSION_LEAST)
		return fail(err, ERROR_UNSUPPORTED,
			    "the driver serves CUDA %d.%d, 12.0 (R525) is needed", version / 1000,
			    version % 1000 / 10);
	if (count < 1)
		return fail(err, ERROR_MISSING, "cuDeviceGetCount: the driver has no GPU");
	if (count > VENDOR_GPUS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "cuDeviceGetCount: %d GPUs, %d at most", count,
			    VENDOR_GPUS_MAXIMUM);
	cuda.version = (unsigned)version;
	cuda.count = (unsigned)count;
	*ret_cuda = cuda;
	return true;
}

/* "00000000:19:00.0" and "0000:19:00.0" are "gpu:0000:19:00.0". */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool name_gpu(struct cuda_device *device, struct error *err)
{
	const struct cuda *cuda = device->cuda;
	char address[32] = "";
	uint32_t status = CUDA_CALL(cuda, device->gpu, cuDeviceGetPCIBusId, address,
				    (int)sizeof(address) - 1, device->handle);

	if (!cuda_done(cuda, status, "cuDeviceGetPCIBusId", device->gpu, err))
		return false;
	const char *at = address;

	while (strlen(at) > strlen("0000:00:00.0") && *at == '0')
		at++;
	if (strlen(at) < strlen("0000:00:00.0"))
		return fail(err, ERROR_IO, "cuDeviceGetPCIBusId %s: '%.32s' is no address",
			    device->gpu, address);
	(void)snprintf(device->gpu, sizeof(device->gpu), "gpu:%s", at);
	for (char *letter = device->gpu; *letter; letter++)
		*letter = lower(*letter);
	return true;
}

/* What an older library does not know stays as it is. */
static int ask(const struct cuda_device *device, enum cuda_attribute attribute, int unknown)
{
	int value = unknown;
	uint32_t status = CUDA_CALL(device->cuda, device->gpu, cuDeviceGetAttribute, &value,
				    (int)attribute, device->handle);

	return status == CUDA_STATUS_SUCCESS ? value : unknown;
}

static bool describe(struct cuda_device *device, struct error *err)
{
	const struct cuda *cuda = device->cuda;
	size_t bytes = 0;
	uint32_t status = CUDA_CALL(cuda, device->gpu, cuDeviceGetName, device->name,
				    (int)sizeof(device->name) - 1, device->handle);

	if (!cuda_done(cuda, status, "cuDeviceGetName", device->gpu, err))
		return false;
	status = CUDA_CALL(cuda, device->gpu, cuDeviceTotalMem_v2, &bytes, device->handle);
	if (!cuda_done(cuda, status, "cuDeviceTotalMem", device->gpu, err))
		return false;
	device->memory_bytes = bytes;
	device->multiprocessors = (unsigned)ask(device, CUDA_ATTRIBUTE_MULTIPROCESSORS, 1);
	device->cache_bytes = (uint64_t)ask(device, CUDA_ATTRIBUTE_CACHE_BYTES, 0);
	device->capability = (unsigned)(ask(device, CUDA_ATTRIBUTE_CAPABILITY_MAJOR, 0) * 10 +
					ask(device, CUDA_ATTRIBUTE_CAPABILITY_MINOR, 0));
	device->clock_khz = (unsigned)ask(device, CUDA_ATTRIBUTE_CLOCK_KHZ, 0);
	device->memory_clock_khz = (unsigned)ask(device, CUDA_ATTRIBUTE_MEMORY_CLOCK_KHZ, 0);
	device->bus_bits = (unsigned)ask(device, CUDA_ATTRIBUTE_BUS_BITS, 0);
	device->numa = ask(device, CUDA_ATTRIBUTE_NUMA_OF_HOST, -1);
	/* Inside MIG the driver shows one slice in place of the GPU, with the GPU's address. */
	if (strstr(device->name, " MIG "))
		return fail(err, ERROR_UNSUPPORTED,
			    "%s is in MIG mode ('%s'): what a slice does says nothing of a GPU",
			    device->gpu, device->name);
	return true;
}

bool cuda_device_open(const struct cuda *cuda, unsigned index, struct cuda_device *ret_device,
		      struct error *err)
{
	struct cuda_device device = { .cuda = cuda, .index = index };
	uint32_t status;

	(void)snprintf(device.gpu, sizeof(device.gpu), "index:%u", index);
	status = CUDA_CALL(cuda, device.gpu, cuDeviceGet, &device.handle, (int)index);
	if (!cuda_done(cuda, status, "cuDeviceGet", device.gpu, err) || !name_gpu(&device, err) ||
	    !describe(&device, err))
		return false;
	status = CUDA_CALL(cuda, device.gpu, cuDevicePrimaryCtxRetain, &device.context,
			   device.handle);
	if (!cuda_done(cuda, status, "cuDevicePrimaryCtxRetain", device.gpu, err))
		return false;
	if (!cuda_device_use(&device, err)) {
		cuda_device_close(&device);
		return false;
	}
	*ret_device = device;
	return true;
}

bool cuda_device_find(const struct cuda *cuda, const char *gpu, struct cuda_device *ret_device,
		      struct error *err)
{
	for (unsigned i = 0; i < cuda->count; i++) {
		struct cuda_device device = { .cuda = cuda, .index = i };
		struct error ignored;

		(void)snprintf(device.gpu, sizeof(device.gpu), "index:%u", i);
		if (CUDA_CALL(cuda, device.gpu, cuDeviceGet, &device.handle, (int)i) ==
			    CUDA_STATUS_SUCCESS &&
		    name_gpu(&device, &ignored) && strcmp(device.gpu, gpu) == 0)
			return cuda_device_open(cuda, i, ret_device, err);
	}
	return fail(err, ERROR_MISSING, "%s: the driver does not list it for CUDA (%u GPUs)", gpu,
		    cuda->count);
}

bool cuda_device_use(const struct cuda_device *device, struct error *err)
{
	uint32_t status = CUDA_CALL(device->cuda, device->gpu, cuCtxSetCurrent, device->context);

	return cuda_done(device->cuda, status, "cuCtxSetCurrent", device->gpu, err);
}

void cuda_device_close(struct cuda_device *device)
{
	if (!device->context)
		return;
	(void)CUDA_CALL(device->cuda, device->gpu, cuDevicePrimaryCtxRelease_v2, device->handle);
	device->context = NULL;
}
