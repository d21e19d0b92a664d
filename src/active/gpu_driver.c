#include "active/gpu_driver.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* CUDA 12.0, which R525 serves: what the PTX of the kernels is made for. The numbers of HIP's
 * attributes are those of ROCm 6.0 on. */
enum {
	CUDA_VERSION_LEAST = 12000,
	HIP_VERSION_LEAST = 60000000,
};

static const struct {
	size_t at;
	const char *cuda, *cuda_older, *hip;
} slots[] = {
#define GPU_SLOT(member, type, newest, older, hip) \
	{ offsetof(struct gpu_calls, member), newest, older, hip },
	GPU_CALLS(GPU_SLOT)
#undef GPU_SLOT
};

/* A slot of struct gpu_calls: each is a function and a name. */
struct slot {
	void *call;
	const char *name;
};
static_assert(sizeof(struct slot) * COUNT(slots) == sizeof(struct gpu_calls), "all are slots");

static void find_calls(const struct library *library, enum gpu_maker maker,
		       struct gpu_calls *ret_calls)
{
	memset(ret_calls, 0, sizeof(*ret_calls));
	for (size_t i = 0; i < COUNT(slots); i++) {
		const char *newest = maker == GPU_AMD ? slots[i].hip : slots[i].cuda;
		const char *older = maker == GPU_AMD ? NULL : slots[i].cuda_older;
		const char *const names[] = { newest, older, NULL };
		struct slot slot = { .name = newest };
		unsigned which = 0;

		if (!newest)
			continue;
		slot.call = library_symbol(library, names, &which);
		if (slot.call)
			slot.name = names[which];
		memcpy((char *)ret_calls + slots[i].at, &slot, sizeof(slot));
	}
}

void gpu_announce(const struct gpu_driver *driver, const char *call, const char *gpu)
{
	worker_calls(driver->port, "%s%s%s", call, gpu[0] ? " " : "", gpu);
}

static enum error_code code_of(uint32_t status)
{
	switch (status) {
	case CUDA_STATUS_STUB_LIBRARY:
	case CUDA_STATUS_NO_DEVICE:
	case CUDA_STATUS_INVALID_DEVICE:
		return ERROR_MISSING;
	case CUDA_STATUS_DRIVER_TOO_OLD:
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

bool gpu_done(const struct gpu_driver *driver, uint32_t status, const char *call, const char *gpu,
	      struct error *err)
{
	const char *words = NULL;

	if (status == CUDA_STATUS_SUCCESS)
		return true;
	if (driver->calls.tell_status.call)
		(void)driver->calls.tell_status.call(status, &words);
	return fail(err, code_of(status), "%s%s%s: %.120s (%u)", call, gpu[0] ? " " : "", gpu,
		    words ? words : "no word for the status", status);
}

static bool open_library(enum gpu_maker maker, struct library *ret_library, struct error *err)
{
	static const char *const cuda[] = {
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
	static const char *const hip[] = {
		"libamdhip64.so.7",
		"libamdhip64.so.6",
		/* Where ROCm lies unless it was told otherwise; the loader is not always told. */
		"/opt/rocm/lib/libamdhip64.so.7",
		"/opt/rocm/lib/libamdhip64.so.6",
		NULL,
	};

	return library_open_vendor(maker == GPU_AMD ? hip : cuda, ret_library, NULL, err);
}

static bool is_new_enough(const struct gpu_driver *driver, struct error *err)
{
	const unsigned version = driver->version;

	if (driver->maker == GPU_AMD)
		return version >= HIP_VERSION_LEAST ||
		       fail(err, ERROR_UNSUPPORTED,
			    "the library serves HIP %u.%u, that of ROCm 6.0 is needed",
			    version / 10000000, version / 100000 % 100);
	return version >= CUDA_VERSION_LEAST ||
	       fail(err, ERROR_UNSUPPORTED, "the driver serves CUDA %u.%u, 12.0 (R525) is needed",
		    version / 1000, version % 1000 / 10);
}

/* Finds the functions of the library that is open, and counts GPUs. */
static bool enter(struct gpu_driver *driver, struct error *err)
{
	int version = 0;
	int count = 0;

	find_calls(&driver->library, driver->maker, &driver->calls);
	if (!GPU_DO(driver, "", err, initialise, 0) ||
	    !GPU_DO(driver, "", err, tell_version, &version) ||
	    !GPU_DO(driver, "", err, count_devices, &count))
		return false;
	driver->version = version > 0 ? (unsigned)version : 0;
	if (!is_new_enough(driver, err))
		return false;
	if (count < 1)
		return fail(err, ERROR_MISSING, "%s: the driver has no GPU",
			    driver->calls.count_devices.name);
	if (count > VENDOR_GPUS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: %d GPUs, %d at most",
			    driver->calls.count_devices.name, count, VENDOR_GPUS_MAXIMUM);
	driver->count = (unsigned)count;
	return true;
}

/* *ret_is_there: the library could be loaded, so that the error is its own. */
static bool open_of(enum gpu_maker maker, struct gpu_driver *driver, bool *ret_is_there,
		    struct error *err)
{
	driver->maker = maker;
	worker_calls(driver->port, "dlopen %s",
		     maker == GPU_AMD ? "libamdhip64.so" : "libcuda.so.1");
	*ret_is_there = open_library(maker, &driver->library, err);
	return *ret_is_there && enter(driver, err);
}

/* A container for either maker may have the other's library, which then has no GPU. */
bool gpu_driver_open(struct worker_port *port, struct gpu_driver *ret_driver, struct error *err)
{
	struct gpu_driver driver = { .port = port };
	struct error none = { .code = ERROR_NONE };
	bool has_cuda;
	bool has_hip;

	if (open_of(GPU_NVIDIA, &driver, &has_cuda, err)) {
		*ret_driver = driver;
		return true;
	}
	if (has_cuda && err->code != ERROR_MISSING)
		return false;
	if (open_of(GPU_AMD, &driver, &has_hip, &none)) {
		*ret_driver = driver;
		return true;
	}
	if (has_hip && (!has_cuda || none.code != ERROR_MISSING))
		*err = none;
	else if (!has_cuda)
		return fail(err, ERROR_MISSING,
			    "neither NVIDIA's libcuda.so.1 nor AMD's libamdhip64.so can be loaded");
	return false;
}

/* "00000000:19:00.0" and "0000:19:00.0" are "gpu:0000:19:00.0". */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool name_gpu(struct gpu_device *device, struct error *err)
{
	const struct gpu_driver *driver = device->driver;
	char address[32] = "";

	if (!GPU_DO(driver, device->gpu, err, tell_address, address, (int)sizeof(address) - 1,
		    device->handle))
		return false;
	const char *at = address;

	while (strlen(at) > strlen("0000:00:00.0") && *at == '0')
		at++;
	if (strlen(at) < strlen("0000:00:00.0"))
		return fail(err, ERROR_IO, "%s %s: '%.32s' is no address",
			    driver->calls.tell_address.name, device->gpu, address);
	(void)snprintf(device->gpu, sizeof(device->gpu), "gpu:%s", at);
	for (char *letter = device->gpu; *letter; letter++)
		*letter = lower(*letter);
	return true;
}

/* What is asked of a device, by the numbers of both; negative: HIP has no such attribute. */
static const struct attribute {
	int cuda, hip;
} multiprocessors = { CUDA_ATTRIBUTE_MULTIPROCESSORS, 63 },
  cache_bytes = { CUDA_ATTRIBUTE_CACHE_BYTES, 19 },
  capability_major = { CUDA_ATTRIBUTE_CAPABILITY_MAJOR, 23 },
  capability_minor = { CUDA_ATTRIBUTE_CAPABILITY_MINOR, 61 },
  clock_khz = { CUDA_ATTRIBUTE_CLOCK_KHZ, 5 },
  memory_clock_khz = { CUDA_ATTRIBUTE_MEMORY_CLOCK_KHZ, 60 },
  bus_bits = { CUDA_ATTRIBUTE_BUS_BITS, 59 }, numa_of_host = { CUDA_ATTRIBUTE_NUMA_OF_HOST, -1 };

/* What a library does not know stays as it is. */
static int ask(const struct gpu_device *device, const struct attribute *attribute, int unknown)
{
	const struct gpu_driver *driver = device->driver;
	const int number = driver->maker == GPU_AMD ? attribute->hip : attribute->cuda;
	int value = unknown;

	if (number < 0 || GPU_CALL(driver, device->gpu, ask_attribute, &value, number,
				   device->handle) != CUDA_STATUS_SUCCESS)
		return unknown;
	return value;
}

static bool describe(struct gpu_device *device, struct error *err)
{
	const struct gpu_driver *driver = device->driver;
	size_t bytes = 0;

	if (!GPU_DO(driver, device->gpu, err, name_device, device->name,
		    (int)sizeof(device->name) - 1, device->handle) ||
	    !GPU_DO(driver, device->gpu, err, measure_memory, &bytes, device->handle))
		return false;
	device->memory_bytes = bytes;
	device->multiprocessors = (unsigned)ask(device, &multiprocessors, 1);
	device->cache_bytes = (uint64_t)ask(device, &cache_bytes, 0);
	device->capability = (unsigned)(ask(device, &capability_major, 0) * 10 +
					ask(device, &capability_minor, 0));
	device->clock_khz = (unsigned)ask(device, &clock_khz, 0);
	device->memory_clock_khz = (unsigned)ask(device, &memory_clock_khz, 0);
	device->bus_bits = (unsigned)ask(device, &bus_bits, 0);
	device->numa = ask(device, &numa_of_host, -1);
	/* Inside MIG the driver shows one slice in place of the GPU, with the GPU's address. */
	if (strstr(device->name, " MIG "))
		return fail(err, ERROR_UNSUPPORTED,
			    "%s is in MIG mode ('%s'): what a slice does says nothing of a GPU",
			    device->gpu, device->name);
	return true;
}

bool gpu_device_open(const struct gpu_driver *driver, unsigned index, struct gpu_device *ret_device,
		     struct error *err)
{
	struct gpu_device device = { .driver = driver, .index = index };

	(void)snprintf(device.gpu, sizeof(device.gpu), "index:%u", index);
	if (!GPU_DO(driver, device.gpu, err, find_device, &device.handle, (int)index) ||
	    !name_gpu(&device, err) || !describe(&device, err) ||
	    !GPU_DO(driver, device.gpu, err, retain, &device.context, device.handle))
		return false;
	if (!gpu_device_use(&device, err)) {
		gpu_device_close(&device);
		return false;
	}
	*ret_device = device;
	return true;
}

bool gpu_device_find(const struct gpu_driver *driver, const char *gpu,
		     struct gpu_device *ret_device, struct error *err)
{
	for (unsigned i = 0; i < driver->count; i++) {
		struct gpu_device device = { .driver = driver, .index = i };
		struct error ignored;

		(void)snprintf(device.gpu, sizeof(device.gpu), "index:%u", i);
		if (GPU_CALL(driver, device.gpu, find_device, &device.handle, (int)i) ==
			    CUDA_STATUS_SUCCESS &&
		    name_gpu(&device, &ignored) && strcmp(device.gpu, gpu) == 0)
			return gpu_device_open(driver, i, ret_device, err);
	}
	return fail(err, ERROR_MISSING, "%s: the driver does not list it for %s (%u GPUs)", gpu,
		    driver->maker == GPU_AMD ? "HIP" : "CUDA", driver->count);
}

bool gpu_device_use(const struct gpu_device *device, struct error *err)
{
	return GPU_DO(device->driver, device->gpu, err, use, device->context);
}

void gpu_device_close(struct gpu_device *device)
{
	if (!device->context)
		return;
	(void)GPU_CALL(device->driver, device->gpu, release, device->handle);
	device->context = NULL;
}
