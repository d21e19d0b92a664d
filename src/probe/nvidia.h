/*
 * The child's side of looking at NVIDIA GPUs: the functions of NVML that are called, and a GPU that
 * is being asked.
 */
#pragma once

#include "host/library.h"
#include "probe/nvml_abi.h"
#include "probe/vendor_say.h"

/* Function, and the name under which an older library has the same one, or NULL. */
#define NVML_CALLS(X)                                                                          \
	X(nvmlInit_v2, "nvmlInit")                                                             \
	X(nvmlShutdown, NULL)                                                                  \
	X(nvmlSystemGetNVMLVersion, NULL)                                                      \
	X(nvmlSystemGetCudaDriverVersion_v2, "nvmlSystemGetCudaDriverVersion")                 \
	X(nvmlSystemGetConfComputeState, NULL)                                                 \
	X(nvmlDeviceGetCount_v2, "nvmlDeviceGetCount")                                         \
	X(nvmlDeviceGetHandleByIndex_v2, "nvmlDeviceGetHandleByIndex")                         \
	X(nvmlDeviceGetPciInfo_v3, NULL)                                                       \
	X(nvmlDeviceGetName, NULL)                                                             \
	X(nvmlDeviceGetUUID, NULL)                                                             \
	X(nvmlDeviceGetSerial, NULL)                                                           \
	X(nvmlDeviceGetVbiosVersion, NULL)                                                     \
	X(nvmlDeviceGetInforomImageVersion, NULL)                                              \
	X(nvmlDeviceValidateInforom, NULL)                                                     \
	X(nvmlDeviceGetNumaNodeId, NULL)                                                       \
	X(nvmlDeviceGetPersistenceMode, NULL)                                                  \
	X(nvmlDeviceGetComputeMode, NULL)                                                      \
	X(nvmlDeviceGetMigMode, NULL)                                                          \
	X(nvmlDeviceGetEccMode, NULL)                                                          \
	X(nvmlDeviceGetMemoryInfo, NULL)                                                       \
	X(nvmlDeviceGetMemoryInfo_v2, NULL)                                                    \
	X(nvmlDeviceGetTotalEccErrors, NULL)                                                   \
	X(nvmlDeviceGetMemoryErrorCounter, NULL)                                               \
	X(nvmlDeviceGetSramEccErrorStatus, NULL)                                               \
	X(nvmlDeviceGetRetiredPages_v2, NULL)                                                  \
	X(nvmlDeviceGetRetiredPagesPendingStatus, NULL)                                        \
	X(nvmlDeviceGetRemappedRows, NULL)                                                     \
	X(nvmlDeviceGetRowRemapperHistogram, NULL)                                             \
	X(nvmlDeviceGetTemperature, NULL)                                                      \
	X(nvmlDeviceGetTemperatureV, NULL)                                                     \
	X(nvmlDeviceGetMarginTemperature, NULL)                                                \
	X(nvmlDeviceGetTemperatureThreshold, NULL)                                             \
	X(nvmlDeviceGetPowerUsage, NULL)                                                       \
	X(nvmlDeviceGetEnforcedPowerLimit, NULL)                                               \
	X(nvmlDeviceGetPowerManagementDefaultLimit, NULL)                                      \
	X(nvmlDeviceGetUtilizationRates, NULL)                                                 \
	X(nvmlDeviceGetClockInfo, NULL)                                                        \
	X(nvmlDeviceGetMaxClockInfo, NULL)                                                     \
	X(nvmlDeviceGetCurrentClocksEventReasons, "nvmlDeviceGetCurrentClocksThrottleReasons") \
	X(nvmlDeviceGetViolationStatus, NULL)                                                  \
	X(nvmlDeviceGetCurrPcieLinkGeneration, NULL)                                           \
	X(nvmlDeviceGetCurrPcieLinkWidth, NULL)                                                \
	X(nvmlDeviceGetMaxPcieLinkGeneration, NULL)                                            \
	X(nvmlDeviceGetMaxPcieLinkWidth, NULL)                                                 \
	X(nvmlDeviceGetPcieReplayCounter, NULL)                                                \
	X(nvmlDeviceGetComputeRunningProcesses_v3, "nvmlDeviceGetComputeRunningProcesses_v2")  \
	X(nvmlDeviceGetComputeRunningProcesses, NULL)                                          \
	X(nvmlDeviceGetNvLinkState, NULL)                                                      \
	X(nvmlDeviceGetNvLinkErrorCounter, NULL)                                               \
	X(nvmlDeviceGetNvLinkRemotePciInfo_v2, NULL)                                           \
	X(nvmlDeviceGetGpuFabricInfo, NULL)                                                    \
	X(nvmlDeviceGetGpuFabricInfoV, NULL)                                                   \
	X(nvmlDeviceGetFieldValues, NULL)

/* Each function and the name it was found under; both NULL when the library lacks it. */
struct nvml {
#define NVML_MEMBER(function, older)          \
	struct {                              \
		__typeof__(&(function)) call; \
		const char *name;             \
	}(function);
	NVML_CALLS(NVML_MEMBER)
#undef NVML_MEMBER
};

/* What a library lacks stays NULL. */
void nvml_find(const struct library *library, struct nvml *ret_nvml);

extern const struct vendor_statuses nvml_statuses;

struct nvidia_gpu {
	struct vendor_gpu told;
	const struct nvml *nvml;
	struct nvml_device *handle;
	/* All that the library lists: what a link may lead to. */
	const char (*names)[VENDOR_NAME_SIZE];
	unsigned count;
	uint32_t confidential; /* of all GPUs: 0 off, 1 on, all ones when not told */
};

/* Calls a function with the GPU's handle before the arguments, announced; gives its status,
 * FUNCTION_NOT_FOUND when the library lacks it or the GPU is gone. */
#define NVML_ASK(gpu, function, ...)                                                   \
	(gpu_ask_begin(&(gpu)->told, (gpu)->nvml->function.name)                       \
		 ? gpu_ask_end(&(gpu)->told,                                           \
			       (gpu)->nvml->function.call((gpu)->handle, __VA_ARGS__)) \
		 : (uint32_t)NVML_STATUS_FUNCTION_NOT_FOUND)

/* "gpu:0000:19:00.0"; false for what is no address. */
bool nvidia_name(const struct nvml_pci *pci, char ret_name[static VENDOR_NAME_SIZE]);

/* The number in a field, whatever its type; false when it has none. */
bool nvidia_field_value(const struct nvml_field *field, double *ret_value);

/* True for a field that has a number. Says the measure is unknown when it should. */
bool nvidia_field_told(struct nvidia_gpu *gpu, uint32_t status, const struct nvml_field *field,
		       enum measure measure, double *ret_value);

/* Everything that the shares ask for of one GPU, from its name to its links. */
void nvidia_ask_gpu(struct nvidia_gpu *gpu);
void nvidia_ask_memory(struct nvidia_gpu *gpu);
void nvidia_ask_links(struct nvidia_gpu *gpu);
void nvidia_ask_fabric(struct nvidia_gpu *gpu);

/* What the worker's child does with a request. */
void nvidia_serve(struct worker_port *port, const char *request, void **state, const void *context);
