#include "probe/nvidia.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The newest struct that the library knows; what an older one lacks stays 0: not supported. */
static uint32_t ask_newest(struct nvidia_gpu *gpu, struct nvml_fabric_3 *ret_fabric)
{
	struct nvml_fabric_2 second = { .version = NVML_FABRIC_2 };
	struct nvml_fabric first = { .status = 0 };
	uint32_t status;

	*ret_fabric = (struct nvml_fabric_3){ .version = NVML_FABRIC_3 };
	status = NVML_ASK(gpu, nvmlDeviceGetGpuFabricInfoV, ret_fabric);
	/* Libraries of another version say so, or call it an invalid argument. */
	if (status != NVML_STATUS_ARGUMENT_VERSION_MISMATCH &&
	    status != NVML_STATUS_INVALID_ARGUMENT && status != NVML_STATUS_FUNCTION_NOT_FOUND)
		return status;
	status = NVML_ASK(gpu, nvmlDeviceGetGpuFabricInfoV, &second);
	*ret_fabric = (struct nvml_fabric_3){ .version = NVML_FABRIC_3 };
	if (status == NVML_STATUS_SUCCESS) {
		memcpy(ret_fabric, &second, sizeof(second));
		return status;
	}
	status = NVML_ASK(gpu, nvmlDeviceGetGpuFabricInfo, &first);
	memcpy(ret_fabric->cluster_id, first.cluster_id, sizeof(first.cluster_id));
	ret_fabric->status = first.status;
	ret_fabric->clique_id = first.clique_id;
	ret_fabric->state = first.state;
	return status;
}

static void say_cluster(struct nvidia_gpu *gpu, const uint8_t id[static NVML_CLUSTER_ID_SIZE])
{
	char text[2 * NVML_CLUSTER_ID_SIZE + 5];
	size_t length = 0;
	bool is_zero = true;

	for (size_t i = 0; i < NVML_CLUSTER_ID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text[length++] = '-';
		(void)snprintf(text + length, 3, "%02x", id[i]);
		length += 2;
		is_zero = is_zero && id[i] == 0;
	}
	gpu_say_state(&gpu->told, NODE_GPU_FABRIC_CLUSTER, is_zero ? "none" : text);
}

static const char *const faults[] = {
	[NVML_FABRIC_FAULT_SYSTEM_GUID] = "wrong-system-guid",
	[NVML_FABRIC_FAULT_CHASSIS_SERIAL] = "wrong-chassis-serial",
	[NVML_FABRIC_FAULT_NO_PARTITION] = "no-partition",
	[NVML_FABRIC_FAULT_FEW_NVLINKS] = "too-few-links",
	[NVML_FABRIC_FAULT_FIRMWARE] = "wrong-firmware",
	[NVML_FABRIC_FAULT_LOCATION] = "wrong-location",
	[NVML_FABRIC_FAULT_GPU_STATE] = "wrong-gpu-state",
};

/* The health mask in words; a mask of which nothing is supported says nothing. */
static void say_health(struct nvidia_gpu *gpu, uint32_t mask, uint8_t summary)
{
	static const struct {
		unsigned shift;
		const char *word;
	} words[] = {
		{ NVML_FABRIC_DEGRADED_BANDWIDTH_SHIFT, "degraded-bandwidth" },
		{ NVML_FABRIC_ROUTE_RECOVERY_SHIFT, "route-recovery" },
		{ NVML_FABRIC_ROUTE_UNHEALTHY_SHIFT, "route-unhealthy" },
		{ NVML_FABRIC_TIMEOUT_RECOVERY_SHIFT, "timeout-recovery" },
	};
	unsigned fault = mask >> NVML_FABRIC_MISCONFIGURED_SHIFT & 0xf;

	if (mask >> 16 != 0 || summary > NVML_FABRIC_LIMITED_CAPACITY) {
		gpu_say_rubbish(&gpu->told, NODE_GPU_FABRIC_HEALTH, mask);
		return;
	}
	if ((mask & 0xfff) == 0 && summary == NVML_FABRIC_SUMMARY_NOT_SUPPORTED)
		return;
	SCOPED_TEXT(state);
	for (size_t i = 0; i < COUNT(words); i++)
		if ((mask >> words[i].shift & 3) == NVML_FABRIC_HEALTH_TRUE)
			text_format(&state, "%s%s", state.length > 0 ? "+" : "", words[i].word);
	if (fault > NVML_FABRIC_FAULT_NONE)
		text_format(&state, "%s%s", state.length > 0 ? "+" : "",
			    fault < COUNT(faults) ? faults[fault] : "misconfigured");
	if (summary == NVML_FABRIC_LIMITED_CAPACITY)
		text_format(&state, "%slimited-capacity", state.length > 0 ? "+" : "");
	if (summary == NVML_FABRIC_UNHEALTHY && state.length == 0)
		text_add(&state, "unhealthy");
	gpu_say_state(&gpu->told, NODE_GPU_FABRIC_HEALTH,
		      state.length > 0 ? text_string(&state) : "healthy");
}

void nvidia_ask_fabric(struct nvidia_gpu *gpu)
{
	static const char *const states[] = {
		[NVML_FABRIC_NOT_SUPPORTED] = "not-supported",
		[NVML_FABRIC_NOT_STARTED] = "not-started",
		[NVML_FABRIC_IN_PROGRESS] = "in-progress",
		[NVML_FABRIC_COMPLETED] = "completed",
	};
	struct nvml_fabric_3 fabric;
	uint32_t status = ask_newest(gpu, &fabric);

	/* A version that no struct here has is as good as not there. */
	if (status == NVML_STATUS_INVALID_ARGUMENT ||
	    !gpu_told(&gpu->told, status, NODE_GPU_FABRIC))
		return;
	gpu_say_word(&gpu->told, NODE_GPU_FABRIC, fabric.state, states, COUNT(states));
	if (fabric.state != NVML_FABRIC_COMPLETED)
		return;
	if (fabric.status != NVML_STATUS_SUCCESS) {
		gpu_say_state(&gpu->told, NODE_GPU_FABRIC_STATUS,
			      vendor_words(&nvml_statuses, fabric.status).at);
		return;
	}
	gpu_say_state(&gpu->told, NODE_GPU_FABRIC_STATUS, "success");
	say_cluster(gpu, fabric.cluster_id);
	gpu_say_u32(&gpu->told, NODE_GPU_FABRIC_CLIQUE, fabric.clique_id, 1);
	say_health(gpu, fabric.health_mask, fabric.health_summary);
}
