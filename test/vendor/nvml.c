/* Stand-in for libnvidia-ml.so.1: the library itself, and what a GPU is. */
#include "nvml_stand_in.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double mib = 1048576;

struct nvml_stand_in stand_in;

bool stand_in_enter(const char *call, const struct nvml_device *device, void *out, size_t size,
		    uint32_t *ret_status)
{
	const struct nvml_device *first = &stand_in.devices[0][0];

	*ret_status = NVML_STATUS_UNINITIALIZED;
	if (stand_in.users == 0)
		return false;
	*ret_status = NVML_STATUS_INVALID_ARGUMENT;
	if (device < first || device >= first + sizeof(stand_in.devices) / sizeof(*first) || !out)
		return false;
	*ret_status = NVML_STATUS_GPU_IS_LOST;
	if (scenario_vanished(&stand_in.scenario, device->gpu))
		return false;
	switch (scenario_fault(&stand_in.scenario, device->gpu, call, ret_status)) {
	case SCENARIO_FAULT_ERROR:
		return false;
	case SCENARIO_RUBBISH:
		*ret_status = NVML_STATUS_SUCCESS;
		scenario_rubbish(out, size);
		return false;
	case SCENARIO_NO_FAULT:
		break;
	}
	*ret_status = NVML_STATUS_SUCCESS;
	return true;
}

/* The same for functions of no GPU. */
static bool enter_system(const char *call, void *out, size_t size, uint32_t *ret_status)
{
	*ret_status = NVML_STATUS_UNINITIALIZED;
	if (stand_in.users == 0)
		return false;
	*ret_status = NVML_STATUS_INVALID_ARGUMENT;
	if (!out)
		return false;
	switch (scenario_fault(&stand_in.scenario, SCENARIO_SYSTEM, call, ret_status)) {
	case SCENARIO_FAULT_ERROR:
		return false;
	case SCENARIO_RUBBISH:
		*ret_status = NVML_STATUS_SUCCESS;
		scenario_rubbish(out, size);
		return false;
	case SCENARIO_NO_FAULT:
		break;
	}
	*ret_status = NVML_STATUS_SUCCESS;
	return true;
}

static uint32_t status_of(enum scenario_answer answer, unsigned error)
{
	switch (answer) {
	case SCENARIO_ABSENT:
		return NVML_STATUS_NOT_SUPPORTED;
	case SCENARIO_ERROR:
		return error;
	case SCENARIO_VALUE:
		break;
	}
	return NVML_STATUS_SUCCESS;
}

uint32_t stand_in_number(const struct nvml_device *device, int link, const char *key,
			 double *ret_number)
{
	unsigned error = 0;
	enum scenario_answer answer =
		scenario_number(&stand_in.scenario, device->gpu, link, key, ret_number, &error);

	return status_of(answer, error);
}

double stand_in_number_or_0(const struct nvml_device *device, int link, const char *key)
{
	double number;

	return stand_in_number(device, link, key, &number) == NVML_STATUS_SUCCESS ? number : 0;
}

uint32_t stand_in_give(const char *call, const struct nvml_device *device, const char *key,
		       double scale, uint32_t *out)
{
	uint32_t status;
	double number;

	if (!stand_in_enter(call, device, out, sizeof(*out), &status))
		return status;
	status = stand_in_number(device, SCENARIO_NO_LINK, key, &number);
	if (status == NVML_STATUS_SUCCESS)
		*out = (uint32_t)llround(number * scale);
	return status;
}

uint32_t stand_in_give_long(const char *call, const struct nvml_device *device, const char *key,
			    double scale, uint64_t *out)
{
	uint32_t status;
	double number;

	if (!stand_in_enter(call, device, out, sizeof(*out), &status))
		return status;
	status = stand_in_number(device, SCENARIO_NO_LINK, key, &number);
	if (status == NVML_STATUS_SUCCESS)
		*out = (uint64_t)llround(number * scale);
	return status;
}

static uint32_t copy_text(int gpu, const char *key, char *out, uint32_t length)
{
	char text[SCENARIO_TEXT_SIZE];
	unsigned error = 0;
	uint32_t status =
		status_of(scenario_text(&stand_in.scenario, gpu, key, text, &error), error);

	if (status != NVML_STATUS_SUCCESS)
		return status;
	if (strlen(text) >= length)
		return NVML_STATUS_INSUFFICIENT_SIZE;
	memcpy(out, text, strlen(text) + 1);
	return NVML_STATUS_SUCCESS;
}

uint32_t stand_in_give_text(const char *call, const struct nvml_device *device, const char *key,
			    char *out, uint32_t length)
{
	uint32_t status;

	if (!stand_in_enter(call, device, out, length, &status))
		return status;
	return copy_text(device->gpu, key, out, length);
}

/* Reads hexadecimal digits up to `end`, which is one of the characters or the end of the text. */
static bool read_hex(const char **at, const char *ends, uint32_t *ret_number)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t number = 0;
	const char *text = *at;

	for (; *text != '\0' && !strchr(ends, *text); text++) {
		const char *digit =
			strchr(digits, *text >= 'A' && *text <= 'F' ? *text + 32 : *text);
		if (!digit)
			return false;
		number = number << 4 | (uint32_t)(digit - digits);
	}
	if (text == *at)
		return false;
	*at = *text == '\0' ? text : text + 1;
	*ret_number = number;
	return true;
}

bool stand_in_pci(const char *text, struct nvml_pci *ret_pci)
{
	struct nvml_pci pci = { 0 };
	uint32_t function;

	if (!read_hex(&text, ":", &pci.domain) || !read_hex(&text, ":", &pci.bus) ||
	    !read_hex(&text, ".", &pci.device) || !read_hex(&text, "", &function))
		return false;
	(void)snprintf(pci.short_id, sizeof(pci.short_id), "%04X:%02X:%02X.%X", pci.domain & 0xffff,
		       pci.bus & 0xff, pci.device & 0xff, function & 0xf);
	(void)snprintf(pci.id, sizeof(pci.id), "%08X:%02X:%02X.%X", pci.domain, pci.bus & 0xff,
		       pci.device & 0xff, function & 0xf);
	*ret_pci = pci;
	return true;
}

/* A GPU that is gone when the library starts is not counted. */
static void count_gpus(void)
{
	double gpus = 0;
	unsigned error;

	(void)scenario_number(&stand_in.scenario, SCENARIO_SYSTEM, SCENARIO_NO_LINK, "gpus", &gpus,
			      &error);
	stand_in.count = 0;
	for (int gpu = 0; gpu < (int)gpus && gpu < SCENARIO_GPUS_MAXIMUM; gpu++) {
		for (unsigned slice = 0; slice <= STAND_IN_SLICES_MAXIMUM; slice++)
			stand_in.devices[gpu][slice] = (struct nvml_device){ gpu, slice };
		if (!scenario_vanished(&stand_in.scenario, gpu))
			stand_in.shown[stand_in.count++] = &stand_in.devices[gpu][0];
	}
}

static uint32_t start(const char *call)
{
	char vendor[SCENARIO_TEXT_SIZE] = "";
	unsigned error;

	if (stand_in.users > 0) {
		stand_in.users++;
		return NVML_STATUS_SUCCESS;
	}
	if (!getenv("ASSAY_SCENARIO"))
		return NVML_STATUS_DRIVER_NOT_LOADED;
	if (!scenario_load(&stand_in.scenario)) {
		(void)fprintf(stderr, "scenario: %s\n", stand_in.scenario.complaint);
		return NVML_STATUS_UNKNOWN;
	}
	(void)scenario_text(&stand_in.scenario, SCENARIO_SYSTEM, "vendor", vendor, &error);
	if (strcmp(vendor, "nvidia") != 0)
		return NVML_STATUS_DRIVER_NOT_LOADED;
	if (scenario_fault(&stand_in.scenario, SCENARIO_SYSTEM, call, &error) ==
	    SCENARIO_FAULT_ERROR)
		return error;
	count_gpus();
	stand_in.users = 1;
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlInit_v2(void)
{
	return start("nvmlInit_v2");
}

/* A driver that is out of order is so for both ways to start. */
uint32_t nvmlInitWithFlags(uint32_t flags)
{
	(void)flags;
	return start("nvmlInit_v2");
}

uint32_t nvmlShutdown(void)
{
	uint32_t error;

	if (stand_in.users == 0)
		return NVML_STATUS_UNINITIALIZED;
	if (scenario_fault(&stand_in.scenario, SCENARIO_SYSTEM, __func__, &error) ==
	    SCENARIO_FAULT_ERROR)
		return error;
	stand_in.users--;
	return NVML_STATUS_SUCCESS;
}

const char *nvmlErrorString(uint32_t status)
{
	static const char *const texts[] = {
		"Success",
		"Uninitialized",
		"Invalid Argument",
		"Not Supported",
		"Insufficient Permissions",
		"Already Initialized",
		"Not Found",
		"Insufficient Size",
		"Insufficient External Power",
		"Driver Not Loaded",
		"Timeout",
		"Interrupt Request Issue",
		"NVML Shared Library Not Found",
		"Function Not Found",
		"Corrupted infoROM",
		"GPU is lost",
		"GPU requires reset",
		"GPU access blocked by the operating system",
		"Driver/library version mismatch",
		"In use by another client",
		"Insufficient Memory",
		"No data",
		"vGPU ECC not supported",
		"Insufficient Resources",
		"Invalid Frequency",
		"Argument version mismatch",
		"Requested functionality has been deprecated",
		"System is not in ready state",
	};

	return status < sizeof(texts) / sizeof(texts[0]) ? texts[status] : "Unknown Error";
}

static uint32_t give_system_text(const char *call, const char *key, char *out, uint32_t length)
{
	uint32_t status;

	if (!enter_system(call, out, length, &status))
		return status;
	return copy_text(SCENARIO_SYSTEM, key, out, length);
}

uint32_t nvmlSystemGetDriverVersion(char *version, uint32_t length)
{
	return give_system_text(__func__, "driver", version, length);
}

/* The library knows itself without a driver, and before it is initialised. */
uint32_t nvmlSystemGetNVMLVersion(char *version, uint32_t length)
{
	if (stand_in.users > 0)
		return give_system_text(__func__, "library", version, length);
	if (!version)
		return NVML_STATUS_INVALID_ARGUMENT;
	if (stand_in.scenario.count == 0 && !scenario_load(&stand_in.scenario))
		return NVML_STATUS_UNKNOWN;
	return copy_text(SCENARIO_SYSTEM, "library", version, length);
}

uint32_t nvmlSystemGetCudaDriverVersion_v2(int32_t *version)
{
	uint32_t status;
	unsigned error = 0;
	double number = 0;

	if (!enter_system(__func__, version, sizeof(*version), &status))
		return status;
	status = status_of(scenario_number(&stand_in.scenario, SCENARIO_SYSTEM, SCENARIO_NO_LINK,
					   "cuda", &number, &error),
			   error);
	if (status == NVML_STATUS_SUCCESS)
		*version = (int32_t)number;
	return status;
}

uint32_t nvmlSystemGetConfComputeState(struct nvml_confidential *state)
{
	char text[SCENARIO_TEXT_SIZE];
	uint32_t status;
	double words[3];

	if (!enter_system(__func__, state, sizeof(*state), &status))
		return status;
	status = copy_text(SCENARIO_SYSTEM, "confidential", text, sizeof(text));
	for (unsigned i = 0; i < 3 && status == NVML_STATUS_SUCCESS; i++)
		if (!scenario_word(text, i, &words[i]))
			return NVML_STATUS_UNKNOWN;
	if (status != NVML_STATUS_SUCCESS)
		return status;
	*state = (struct nvml_confidential){ (uint32_t)words[0], (uint32_t)words[1],
					     (uint32_t)words[2] };
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetCount_v2(uint32_t *count)
{
	uint32_t status;

	if (enter_system(__func__, count, sizeof(*count), &status))
		*count = stand_in.count;
	return status;
}

uint32_t nvmlDeviceGetHandleByIndex_v2(uint32_t index, struct nvml_device **device)
{
	uint32_t status;

	if (!enter_system(__func__, device, 0, &status))
		return status;
	if (index >= stand_in.count)
		return NVML_STATUS_INVALID_ARGUMENT;
	/* A pointer of rubbish would be a crash of the caller's: it stays as it was. */
	if (!stand_in_enter(__func__, stand_in.shown[index], device, 0, &status))
		return status;
	*device = stand_in.shown[index];
	return NVML_STATUS_SUCCESS;
}

/* The GPU of which a text is the same; for addresses, in either length of the domain. */
static uint32_t find_gpu(const char *key, const char *text, struct nvml_device **device)
{
	char own[SCENARIO_TEXT_SIZE];
	struct nvml_pci wanted = { .id = "" };
	struct nvml_pci pci;
	unsigned error;

	(void)stand_in_pci(text, &wanted);
	for (unsigned i = 0; i < stand_in.count; i++) {
		if (scenario_text(&stand_in.scenario, stand_in.shown[i]->gpu, key, own, &error) !=
		    SCENARIO_VALUE)
			continue;
		bool same = strcmp(own, text) == 0;
		if (stand_in_pci(own, &pci) && strcmp(pci.id, wanted.id) == 0)
			same = true;
		if (!same)
			continue;
		*device = stand_in.shown[i];
		return scenario_vanished(&stand_in.scenario, stand_in.shown[i]->gpu)
			       ? NVML_STATUS_GPU_IS_LOST
			       : NVML_STATUS_SUCCESS;
	}
	return NVML_STATUS_NOT_FOUND;
}

uint32_t nvmlDeviceGetHandleByPciBusId_v2(const char *bus_id, struct nvml_device **device)
{
	uint32_t status;

	if (!enter_system(__func__, device, 0, &status))
		return status;
	return bus_id ? find_gpu("pci", bus_id, device) : NVML_STATUS_INVALID_ARGUMENT;
}

uint32_t nvmlDeviceGetHandleByUUID(const char *uuid, struct nvml_device **device)
{
	uint32_t status;

	if (!enter_system(__func__, device, 0, &status))
		return status;
	return uuid ? find_gpu("uuid", uuid, device) : NVML_STATUS_INVALID_ARGUMENT;
}

uint32_t nvmlDeviceGetName(struct nvml_device *device, char *name, uint32_t length)
{
	return stand_in_give_text(__func__, device, "name", name, length);
}

/* A slice is called by the name of its GPU behind its own number. */
uint32_t nvmlDeviceGetUUID(struct nvml_device *device, char *uuid, uint32_t length)
{
	char own[SCENARIO_TEXT_SIZE];
	uint32_t status = stand_in_give_text(__func__, device, "uuid", uuid, length);

	if (status != NVML_STATUS_SUCCESS || device->slice == 0)
		return status;
	int written = snprintf(own, sizeof(own), "MIG-%u-%.*s", device->slice, (int)length, uuid);
	if (written < 0 || (uint32_t)written >= length)
		return NVML_STATUS_INSUFFICIENT_SIZE;
	memcpy(uuid, own, (size_t)written + 1);
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetSerial(struct nvml_device *device, char *serial, uint32_t length)
{
	return stand_in_give_text(__func__, device, "serial", serial, length);
}

uint32_t nvmlDeviceGetBoardPartNumber(struct nvml_device *device, char *number, uint32_t length)
{
	return stand_in_give_text(__func__, device, "part_number", number, length);
}

uint32_t nvmlDeviceGetPciInfo_v3(struct nvml_device *device, struct nvml_pci *pci)
{
	char text[SCENARIO_TEXT_SIZE];
	uint32_t status;
	unsigned error;

	if (!stand_in_enter(__func__, device, pci, sizeof(*pci), &status))
		return status;
	if (scenario_text(&stand_in.scenario, device->gpu, "pci", text, &error) != SCENARIO_VALUE ||
	    !stand_in_pci(text, pci))
		return NVML_STATUS_UNKNOWN;
	pci->device_id = (uint32_t)stand_in_number_or_0(device, SCENARIO_NO_LINK, "pci_device");
	pci->subsystem_id =
		(uint32_t)stand_in_number_or_0(device, SCENARIO_NO_LINK, "pci_subsystem");
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetMinorNumber(struct nvml_device *device, uint32_t *number)
{
	uint32_t status;
	double minor;

	if (!stand_in_enter(__func__, device, number, sizeof(*number), &status))
		return status;
	*number = stand_in_number(device, SCENARIO_NO_LINK, "minor", &minor) == NVML_STATUS_SUCCESS
			  ? (uint32_t)minor
			  : (uint32_t)device->gpu;
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetModuleId(struct nvml_device *device, uint32_t *module)
{
	return stand_in_give(__func__, device, "module", 1, module);
}

uint32_t nvmlDeviceGetArchitecture(struct nvml_device *device, uint32_t *architecture)
{
	return stand_in_give(__func__, device, "architecture", 1, architecture);
}

uint32_t nvmlDeviceGetCudaComputeCapability(struct nvml_device *device, int32_t *major,
					    int32_t *minor)
{
	char text[SCENARIO_TEXT_SIZE];
	uint32_t status;
	double numbers[2];

	if (!stand_in_enter(__func__, device, minor, sizeof(*minor), &status))
		return status;
	status = copy_text(device->gpu, "compute_capability", text, sizeof(text));
	if (status != NVML_STATUS_SUCCESS)
		return status;
	if (!scenario_word(text, 0, &numbers[0]) || !scenario_word(text, 1, &numbers[1]))
		return NVML_STATUS_UNKNOWN;
	*major = (int32_t)numbers[0];
	*minor = (int32_t)numbers[1];
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetNumaNodeId(struct nvml_device *device, uint32_t *node)
{
	return stand_in_give(__func__, device, "numa", 1, node);
}

uint32_t nvmlDeviceGetPlatformInfo(struct nvml_device *device, struct nvml_platform *platform)
{
	uint32_t status;
	double tray;

	if (!stand_in_enter(__func__, device, platform, sizeof(*platform), &status))
		return status;
	if (platform->version != NVML_PLATFORM_2)
		return NVML_STATUS_ARGUMENT_VERSION_MISMATCH;
	status = stand_in_number(device, SCENARIO_NO_LINK, "tray", &tray);
	if (status != NVML_STATUS_SUCCESS)
		return status;
	platform->tray = (uint8_t)tray;
	platform->slot = (uint8_t)stand_in_number_or_0(device, SCENARIO_NO_LINK, "slot");
	platform->host = (uint8_t)stand_in_number_or_0(device, SCENARIO_NO_LINK, "host");
	platform->module = (uint8_t)stand_in_number_or_0(device, SCENARIO_NO_LINK, "module");
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetVbiosVersion(struct nvml_device *device, char *version, uint32_t length)
{
	return stand_in_give_text(__func__, device, "vbios", version, length);
}

uint32_t nvmlDeviceGetInforomImageVersion(struct nvml_device *device, char *version,
					  uint32_t length)
{
	return stand_in_give_text(__func__, device, "inforom", version, length);
}

uint32_t nvmlDeviceGetInforomConfigurationChecksum(struct nvml_device *device, uint32_t *checksum)
{
	return stand_in_give(__func__, device, "inforom_checksum", 1, checksum);
}

/* A damaged one is `call nvmlDeviceValidateInforom error 14`. */
uint32_t nvmlDeviceValidateInforom(struct nvml_device *device)
{
	uint32_t status;
	char nothing;

	(void)stand_in_enter(__func__, device, &nothing, sizeof(nothing), &status);
	return status;
}

uint32_t nvmlDeviceGetGspFirmwareVersion(struct nvml_device *device, char *version)
{
	return stand_in_give_text(__func__, device, "gsp", version, NVML_GSP_FIRMWARE_SIZE);
}

uint32_t nvmlDeviceGetMemoryInfo(struct nvml_device *device, struct nvml_memory *memory)
{
	uint32_t status;
	double total;

	if (!stand_in_enter(__func__, device, memory, sizeof(*memory), &status))
		return status;
	status = stand_in_number(device, SCENARIO_NO_LINK, "memory", &total);
	if (status != NVML_STATUS_SUCCESS)
		return status;
	double used = stand_in_number_or_0(device, SCENARIO_NO_LINK, "memory_used") +
		      stand_in_number_or_0(device, SCENARIO_NO_LINK, "memory_reserved");
	memory->total = (uint64_t)(total * mib);
	memory->used = (uint64_t)(used * mib);
	memory->free = memory->total - memory->used;
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetMemoryInfo_v2(struct nvml_device *device, struct nvml_memory_2 *memory)
{
	uint32_t status;
	double total;

	if (!stand_in_enter(__func__, device, memory, sizeof(*memory), &status))
		return status;
	if (memory->version != NVML_MEMORY_2)
		return NVML_STATUS_ARGUMENT_VERSION_MISMATCH;
	status = stand_in_number(device, SCENARIO_NO_LINK, "memory", &total);
	if (status != NVML_STATUS_SUCCESS)
		return status;
	memory->total = (uint64_t)(total * mib);
	memory->used =
		(uint64_t)(stand_in_number_or_0(device, SCENARIO_NO_LINK, "memory_used") * mib);
	memory->reserved =
		(uint64_t)(stand_in_number_or_0(device, SCENARIO_NO_LINK, "memory_reserved") * mib);
	memory->free = memory->total - memory->used - memory->reserved;
	return NVML_STATUS_SUCCESS;
}
