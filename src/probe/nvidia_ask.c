#include "probe/nvidia.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LIBRARY "library:nvml"

static const struct vendor_status statuses[] = {
	{ NVML_STATUS_SUCCESS, HEARD_VALUE, "success" },
	{ NVML_STATUS_UNINITIALIZED, HEARD_REFUSED, "not initialised" },
	{ NVML_STATUS_INVALID_ARGUMENT, HEARD_REFUSED, "invalid argument" },
	{ NVML_STATUS_NOT_SUPPORTED, HEARD_NOTHING, "not supported" },
	{ NVML_STATUS_NO_PERMISSION, HEARD_REFUSED, "no permission" },
	{ NVML_STATUS_NOT_FOUND, HEARD_REFUSED, "not found" },
	{ NVML_STATUS_INSUFFICIENT_SIZE, HEARD_REFUSED, "insufficient size" },
	{ NVML_STATUS_INSUFFICIENT_POWER, HEARD_REFUSED, "insufficient external power" },
	{ NVML_STATUS_DRIVER_NOT_LOADED, HEARD_REFUSED, "the driver is not loaded" },
	{ NVML_STATUS_TIMEOUT, HEARD_REFUSED, "timeout" },
	{ NVML_STATUS_IRQ_ISSUE, HEARD_REFUSED, "interrupts do not arrive" },
	{ NVML_STATUS_LIBRARY_NOT_FOUND, HEARD_REFUSED, "a library is missing" },
	{ NVML_STATUS_FUNCTION_NOT_FOUND, HEARD_NOTHING, "no such function" },
	{ NVML_STATUS_CORRUPTED_INFOROM, HEARD_REFUSED, "the InfoROM is corrupt" },
	{ NVML_STATUS_GPU_IS_LOST, HEARD_LOST, "GPU is lost" },
	{ NVML_STATUS_RESET_REQUIRED, HEARD_RESET, "GPU requires a reset" },
	{ NVML_STATUS_OPERATING_SYSTEM, HEARD_REFUSED, "blocked by the operating system" },
	{ NVML_STATUS_LIB_RM_VERSION_MISMATCH, HEARD_REFUSED, "driver and library differ" },
	{ NVML_STATUS_IN_USE, HEARD_REFUSED, "in use" },
	{ NVML_STATUS_MEMORY, HEARD_REFUSED, "out of memory" },
	{ NVML_STATUS_NO_DATA, HEARD_REFUSED, "no data" },
	{ NVML_STATUS_VGPU_ECC_NOT_SUPPORTED, HEARD_NOTHING, "no ECC in a virtual GPU" },
	{ NVML_STATUS_INSUFFICIENT_RESOURCES, HEARD_REFUSED, "insufficient resources" },
	{ NVML_STATUS_ARGUMENT_VERSION_MISMATCH, HEARD_NOTHING, "another version" },
	{ NVML_STATUS_DEPRECATED, HEARD_NOTHING, "no longer supported" },
	{ NVML_STATUS_NOT_READY, HEARD_REFUSED, "not ready" },
	{ NVML_STATUS_GPU_NOT_FOUND, HEARD_REFUSED, "no GPU" },
	{ NVML_STATUS_INVALID_STATE, HEARD_REFUSED, "invalid state" },
	{ NVML_STATUS_UNKNOWN, HEARD_REFUSED, "unknown error" },
};

const struct vendor_statuses nvml_statuses = { statuses, COUNT(statuses) };

static const struct {
	size_t at;
	const char *newest, *older;
} slots[] = {
#define NVML_SLOT(function, older) { offsetof(struct nvml, function), #function, older },
	NVML_CALLS(NVML_SLOT)
#undef NVML_SLOT
};

void nvml_find(const struct library *library, struct nvml *ret_nvml)
{
	*ret_nvml = (struct nvml){ .nvmlInit_v2 = { NULL, NULL } };
	for (size_t i = 0; i < COUNT(slots); i++) {
		const char *const names[] = { slots[i].newest, slots[i].older, NULL };
		char *slot = (char *)ret_nvml + slots[i].at;
		unsigned which = 0;
		void *address = library_symbol(library, names, &which);

		if (!address)
			continue;
		memcpy(slot, &address, sizeof(address));
		memcpy(slot + sizeof(address), &names[which], sizeof(names[which]));
	}
}

/* What the child keeps between requests. */
struct session {
	struct library library;
	struct nvml nvml;
	bool is_open, is_started;
	struct nvml_device *handles[VENDOR_GPUS_MAXIMUM];
	uint32_t statuses[VENDOR_GPUS_MAXIMUM]; /* of their handles */
	char names[VENDOR_GPUS_MAXIMUM][VENDOR_NAME_SIZE];
	bool is_skipped[VENDOR_GPUS_MAXIMUM];
	unsigned count;
};

static bool open_library(struct session *session, struct error *err)
{
	static const char *const names[] = {
		"libnvidia-ml.so.1",
		/* Where the loader does not look on nodes whose driver comes in a container or
		 * with the operating system of a cloud. */
		"/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1",
		"/usr/lib/aarch64-linux-gnu/libnvidia-ml.so.1",
		"/usr/lib64/libnvidia-ml.so.1",
		"/run/nvidia/driver/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1",
		"/run/nvidia/driver/usr/lib/aarch64-linux-gnu/libnvidia-ml.so.1",
		"/usr/local/nvidia/lib64/libnvidia-ml.so.1",
		NULL,
	};

	return library_open_vendor(names, &session->library, NULL, err);
}

static const char *state_of(uint32_t status)
{
	switch (status) {
	case NVML_STATUS_DRIVER_NOT_LOADED:
		return "no-driver";
	case NVML_STATUS_LIB_RM_VERSION_MISMATCH:
		return "mismatch";
	case NVML_STATUS_NO_PERMISSION:
		return "refused";
	case NVML_STATUS_LIBRARY_NOT_FOUND:
		return "absent";
	default:
		return "error";
	}
}

static bool refuse(struct worker_port *port, const char *call, uint32_t status)
{
	say_state(port, LIBRARY, NODE_GPU_LIBRARY, state_of(status));
	say_text(port, LIBRARY, NODE_GPU_CALL, "%s: %s", call,
		 vendor_words(&nvml_statuses, status).at);
	return false;
}

/* False, and said so, when the library cannot be used. */
static bool start(struct worker_port *port, struct session *session)
{
	struct error err = { 0 };
	uint32_t status;

	if (!session->is_open) {
		worker_calls(port, "dlopen libnvidia-ml.so.1");
		if (!open_library(session, &err)) {
			say_state(port, LIBRARY, NODE_GPU_LIBRARY, "absent");
			say_text(port, LIBRARY, NODE_GPU_CALL, "%s", err.text);
			return false;
		}
		nvml_find(&session->library, &session->nvml);
		session->is_open = true;
	}
	const struct nvml *nvml = &session->nvml;
	if (!nvml->nvmlInit_v2.call || !nvml->nvmlDeviceGetCount_v2.call ||
	    !nvml->nvmlDeviceGetHandleByIndex_v2.call) {
		say_state(port, LIBRARY, NODE_GPU_LIBRARY, "error");
		say_text(port, LIBRARY, NODE_GPU_CALL,
			 "libnvidia-ml.so.1 has no nvmlInit, nvmlDeviceGetCount or "
			 "nvmlDeviceGetHandleByIndex");
		return false;
	}
	if (session->is_started)
		return true;
	worker_calls(port, "%s", nvml->nvmlInit_v2.name);
	status = nvml->nvmlInit_v2.call();
	if (status != NVML_STATUS_SUCCESS)
		return refuse(port, nvml->nvmlInit_v2.name, status);
	session->is_started = true;
	return true;
}

/* A driver that was loaded anew wants a new start, and does not say so otherwise. */
static bool count_gpus(struct worker_port *port, struct session *session)
{
	const struct nvml *nvml = &session->nvml;
	const char *call = nvml->nvmlDeviceGetCount_v2.name;
	uint32_t count = 0;

	worker_calls(port, "%s", call);
	uint32_t status = nvml->nvmlDeviceGetCount_v2.call(&count);
	if (status == NVML_STATUS_SUCCESS && count <= VENDOR_GPUS_MAXIMUM) {
		session->count = count;
		return true;
	}
	session->is_started = false;
	if (nvml->nvmlShutdown.call) {
		worker_calls(port, "nvmlShutdown");
		(void)nvml->nvmlShutdown.call();
	}
	if (status != NVML_STATUS_SUCCESS)
		return refuse(port, call, status);
	say_state(port, LIBRARY, NODE_GPU_LIBRARY, "error");
	say_text(port, LIBRARY, NODE_GPU_CALL, "rubbish: %s answered %u", call, count);
	return false;
}

static void ask_library(struct worker_port *port, const struct session *session, unsigned shares)
{
	const struct nvml *nvml = &session->nvml;
	char version[NVML_VERSION_SIZE + 1] = "";
	int32_t cuda = 0;

	if (!(shares & (PROBE_QUICK | PROBE_FULL)))
		return;
	say_state(port, LIBRARY, NODE_GPU_LIBRARY, "ok");
	say_value(port, LIBRARY, NODE_GPU_COUNT_LIBRARY, session->count);
	if (!(shares & PROBE_FULL))
		return;
	if (nvml->nvmlSystemGetNVMLVersion.call) {
		worker_calls(port, "nvmlSystemGetNVMLVersion");
		if (nvml->nvmlSystemGetNVMLVersion.call(version, NVML_VERSION_SIZE) ==
		    NVML_STATUS_SUCCESS)
			say_buffer(port, LIBRARY, NODE_GPU_LIBRARY_VERSION, version,
				   NVML_VERSION_SIZE);
	}
	if (!nvml->nvmlSystemGetCudaDriverVersion_v2.call)
		return;
	worker_calls(port, "%s", nvml->nvmlSystemGetCudaDriverVersion_v2.name);
	if (nvml->nvmlSystemGetCudaDriverVersion_v2.call(&cuda) != NVML_STATUS_SUCCESS)
		return;
	if (cuda < 1000 || cuda > 1000000)
		say_unknown(port, "-", NODE_CUDA_DRIVER, "rubbish: %s answered %d",
			    nvml->nvmlSystemGetCudaDriverVersion_v2.name, cuda);
	else
		worker_answers(port, "s - cuda.driver %d.%d", cuda / 1000, cuda % 1000 / 10);
}

static uint32_t ask_confidential(struct worker_port *port, const struct session *session,
				 unsigned shares)
{
	struct nvml_confidential state = { 0 };

	if (!(shares & PROBE_FULL) || !session->nvml.nvmlSystemGetConfComputeState.call)
		return UINT32_MAX;
	worker_calls(port, "nvmlSystemGetConfComputeState");
	if (session->nvml.nvmlSystemGetConfComputeState.call(&state) != NVML_STATUS_SUCCESS)
		return UINT32_MAX;
	return state.feature;
}

bool nvidia_name(const struct nvml_pci *pci, char ret_name[static VENDOR_NAME_SIZE])
{
	if (pci->bus > 0xff || pci->device > 0x1f)
		return false;
	(void)snprintf(ret_name, VENDOR_NAME_SIZE, "gpu:%04x:%02x:%02x.0", pci->domain, pci->bus,
		       pci->device);
	return true;
}

/* Handle and name of each; one without an address is called by its index. */
static void list_gpus(struct worker_port *port, struct session *session,
		      const struct vendor_request *request)
{
	const struct nvml *nvml = &session->nvml;

	for (unsigned i = 0; i < session->count; i++) {
		struct nvml_pci pci = { .domain = 0 };
		char *name = session->names[i];

		(void)snprintf(name, VENDOR_NAME_SIZE, "index:%u", i);
		session->handles[i] = NULL;
		session->is_skipped[i] = vendor_request_skips(request, name);
		if (session->is_skipped[i])
			continue;
		worker_calls(port, "%s %s", nvml->nvmlDeviceGetHandleByIndex_v2.name, name);
		session->statuses[i] =
			nvml->nvmlDeviceGetHandleByIndex_v2.call(i, &session->handles[i]);
		if (session->statuses[i] != NVML_STATUS_SUCCESS ||
		    !nvml->nvmlDeviceGetPciInfo_v3.call)
			continue;
		worker_calls(port, "nvmlDeviceGetPciInfo_v3 %s", name);
		if (nvml->nvmlDeviceGetPciInfo_v3.call(session->handles[i], &pci) !=
			    NVML_STATUS_SUCCESS ||
		    !nvidia_name(&pci, name))
			continue;
		worker_answers(port, "g %s %u", name, i);
		session->is_skipped[i] = vendor_request_skips(request, name);
	}
}

static void ask_gpu(struct worker_port *port, const struct session *session,
		    const struct vendor_request *request, unsigned index, uint32_t confidential)
{
	const char *call = session->nvml.nvmlDeviceGetHandleByIndex_v2.name;
	uint32_t status = session->statuses[index];
	struct nvidia_gpu gpu = {
		.told = { .port = port,
			  .statuses = &nvml_statuses,
			  .shares = request->shares,
			  .call = call },
		.nvml = &session->nvml,
		.handle = session->handles[index],
		.names = session->names,
		.count = session->count,
		.confidential = confidential,
	};

	memcpy(gpu.told.name, session->names[index], VENDOR_NAME_SIZE);
	memcpy(gpu.told.part, session->names[index], VENDOR_NAME_SIZE);
	(void)gpu_ask_end(&gpu.told, status);
	if (gpu.told.is_gone)
		return;
	if (status == NVML_STATUS_NO_PERMISSION) {
		say_unknown(port, gpu.told.name, NODE_GPU_ANSWERS, "%s: %s", call,
			    vendor_words(&nvml_statuses, status).at);
	} else if (status != NVML_STATUS_SUCCESS) {
		say_state(port, gpu.told.name, NODE_GPU_ANSWERS, "error");
		say_text(port, gpu.told.name, NODE_GPU_CALL, "%s: %s", call,
			 vendor_words(&nvml_statuses, status).at);
	} else {
		/* That there is a handle tells nothing of the GPU behind it. */
		gpu.told.has_told = false;
		nvidia_ask_gpu(&gpu);
		gpu_end(&gpu.told);
	}
}

void nvidia_serve(struct worker_port *port, const char *request, void **state, const void *context)
{
	struct vendor_request asked;
	struct session *session = *state;
	uint32_t confidential = UINT32_MAX;

	(void)context;
	if (!vendor_request_read(request, &asked))
		return;
	if (!session)
		*state = session = calloc(1, sizeof(*session));
	if (!session)
		memory_exhausted(sizeof(*session));
	if (!start(port, session) || !count_gpus(port, session))
		return;
	if (asked.skip.length == 0)
		ask_library(port, session, asked.shares);
	list_gpus(port, session, &asked);
	confidential = ask_confidential(port, session, asked.shares);
	for (unsigned i = 0; i < session->count; i++)
		if (!session->is_skipped[i])
			ask_gpu(port, session, &asked, i, confidential);
}
