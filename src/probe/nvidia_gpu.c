#include "probe/nvidia.h"

#include <stdio.h>
#include <string.h>

#include "probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	PROCESSES_MAXIMUM = 256, /* that are listed; more are only counted */
};

static const double watts_of_mw = 1e-3;

bool nvidia_field_value(const struct nvml_field *field, double *ret_value)
{
	const union nvml_value *value = &field->value;

	switch ((enum nvml_value_type)field->type) {
	case NVML_VALUE_REAL:
		*ret_value = value->real;
		return true;
	case NVML_VALUE_UNSIGNED_INT:
		*ret_value = value->unsigned_int;
		return value->unsigned_int != UINT32_MAX;
	case NVML_VALUE_UNSIGNED_LONG:
	case NVML_VALUE_UNSIGNED_LONG_LONG:
		*ret_value = (double)value->unsigned_long_long;
		return value->unsigned_long_long != UINT64_MAX;
	case NVML_VALUE_SIGNED_LONG_LONG:
		*ret_value = (double)value->signed_long_long;
		return true;
	case NVML_VALUE_SIGNED_INT:
		*ret_value = value->signed_int;
		return true;
	case NVML_VALUE_UNSIGNED_SHORT:
		*ret_value = value->unsigned_short;
		return true;
	}
	return false;
}

bool nvidia_field_told(struct nvidia_gpu *gpu, uint32_t status, const struct nvml_field *field,
		       enum measure measure, double *ret_value)
{
	/* A library that does not know the field calls it an invalid argument. */
	if (status == NVML_STATUS_SUCCESS)
		status = field->status == NVML_STATUS_INVALID_ARGUMENT
				 ? (uint32_t)NVML_STATUS_NOT_SUPPORTED
				 : field->status;
	if (!gpu_told(&gpu->told, status, measure))
		return false;
	if (nvidia_field_value(field, ret_value))
		return true;
	gpu_say_rubbish(&gpu->told, measure, field->value.unsigned_long_long);
	return false;
}

static void ask_name(struct nvidia_gpu *gpu)
{
	char name[NVML_NAME_SIZE] = "";
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetName, name, sizeof(name));

	if (gpu_told(&gpu->told, status, NODE_GPU_NAME))
		gpu_say_buffer(&gpu->told, NODE_GPU_NAME, name, sizeof(name));
}

static void ask_identity(struct nvidia_gpu *gpu)
{
	char text[NVML_UUID_SIZE] = "";
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetUUID, text, NVML_UUID_SIZE);
	uint32_t node = 0;

	if (gpu_told(&gpu->told, status, NODE_GPU_UUID))
		gpu_say_buffer(&gpu->told, NODE_GPU_UUID, text, NVML_UUID_SIZE);
	status = NVML_ASK(gpu, nvmlDeviceGetSerial, text, NVML_SERIAL_SIZE);
	if (gpu_told(&gpu->told, status, NODE_GPU_SERIAL))
		gpu_say_buffer(&gpu->told, NODE_GPU_SERIAL, text, NVML_SERIAL_SIZE);
	status = NVML_ASK(gpu, nvmlDeviceGetVbiosVersion, text, NVML_VBIOS_SIZE);
	if (gpu_told(&gpu->told, status, NODE_GPU_VBIOS))
		gpu_say_buffer(&gpu->told, NODE_GPU_VBIOS, text, NVML_VBIOS_SIZE);
	status = NVML_ASK(gpu, nvmlDeviceGetNumaNodeId, &node);
	if (gpu_told(&gpu->told, status, NODE_GPU_NUMA))
		gpu_say_u32(&gpu->told, NODE_GPU_NUMA, node, 1);
	if (gpu->confidential != UINT32_MAX && !gpu->told.is_gone)
		gpu_say_state(&gpu->told, NODE_GPU_CONFIDENTIAL, gpu->confidential ? "on" : "off");
}

static void ask_inforom(struct nvidia_gpu *gpu)
{
	char version[NVML_INFOROM_SIZE] = "";
	uint32_t status =
		gpu->nvml->nvmlDeviceValidateInforom.call &&
				gpu_ask_begin(&gpu->told, "nvmlDeviceValidateInforom")
			? gpu_ask_end(&gpu->told,
				      gpu->nvml->nvmlDeviceValidateInforom.call(gpu->handle))
			: (uint32_t)NVML_STATUS_FUNCTION_NOT_FOUND;

	if (status != NVML_STATUS_CORRUPTED_INFOROM)
		status = NVML_ASK(gpu, nvmlDeviceGetInforomImageVersion, version, sizeof(version));
	if (status == NVML_STATUS_CORRUPTED_INFOROM)
		gpu_say_state(&gpu->told, NODE_GPU_INFOROM, "corrupt");
	else if (gpu_told(&gpu->told, status, NODE_GPU_INFOROM))
		gpu_say_buffer(&gpu->told, NODE_GPU_INFOROM, version, sizeof(version));
}

static void ask_modes(struct nvidia_gpu *gpu)
{
	static const char *const switched[] = { "off", "on" };
	static const char *const modes[] = { "default", "exclusive", "prohibited", "exclusive" };
	uint32_t value = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetPersistenceMode, &value);

	if (gpu_told(&gpu->told, status, NODE_GPU_PERSISTENCE))
		gpu_say_word(&gpu->told, NODE_GPU_PERSISTENCE, value, switched, COUNT(switched));
	status = NVML_ASK(gpu, nvmlDeviceGetComputeMode, &value);
	if (gpu_told(&gpu->told, status, NODE_GPU_COMPUTE_MODE))
		gpu_say_word(&gpu->told, NODE_GPU_COMPUTE_MODE, value, modes, COUNT(modes));
}

/* A board that cannot be divided is whole. */
static void ask_partition(struct nvidia_gpu *gpu)
{
	static const char *const partitions[] = { "whole", "mig" };
	uint32_t current = 0, pending = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetMigMode, &current, &pending);

	if (gpu->told.is_gone)
		return;
	if (status == NVML_STATUS_NOT_SUPPORTED || status == NVML_STATUS_FUNCTION_NOT_FOUND)
		gpu_say_state(&gpu->told, NODE_GPU_PARTITION, "whole");
	else if (gpu_told(&gpu->told, status, NODE_GPU_PARTITION))
		gpu_say_word(&gpu->told, NODE_GPU_PARTITION, current, partitions,
			     COUNT(partitions));
}

/* Fields of one call: what the driver asks for, and how warm the memory is. */
static void ask_fields(struct nvidia_gpu *gpu)
{
	static const char *const actions[] = {
		[NVML_RECOVERY_NONE] = "none",
		[NVML_RECOVERY_GPU_RESET] = "reset-gpu",
		[NVML_RECOVERY_NODE_REBOOT] = "reboot-node",
		[NVML_RECOVERY_DRAIN_P2P] = "drain-p2p",
		[NVML_RECOVERY_DRAIN_AND_RESET] = "drain-and-reset",
		[NVML_RECOVERY_IMEX_DOMAIN] = "imex-domain",
	};
	struct nvml_field fields[] = {
		{ .field = NVML_FIELD_RECOVERY_ACTION },
		{ .field = NVML_FIELD_MEMORY_TEMPERATURE },
	};
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetFieldValues, COUNT(fields), fields);
	double value;

	if (nvidia_field_told(gpu, status, &fields[0], NODE_GPU_RECOVERY, &value)) {
		if (value >= 0 && value < (double)COUNT(actions))
			gpu_say_state(&gpu->told, NODE_GPU_RECOVERY, actions[(size_t)value]);
		else
			gpu_say_rubbish(&gpu->told, NODE_GPU_RECOVERY,
					fields[0].value.unsigned_long_long);
	}
	/* A memory without a sensor is said to have 0 degrees by some drivers. */
	if (nvidia_field_told(gpu, status, &fields[1], NODE_GPU_TEMPERATURE_MEMORY, &value) &&
	    (value < 0 || value > 0))
		gpu_say_value(&gpu->told, NODE_GPU_TEMPERATURE_MEMORY, value);
}

static void ask_temperature(struct nvidia_gpu *gpu)
{
	struct nvml_temperature reading = { .version = NVML_TEMPERATURE_1,
					    .sensor = NVML_SENSOR_GPU };
	uint32_t celsius = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetTemperatureV, &reading);

	if (vendor_heard(&nvml_statuses, status) == HEARD_NOTHING) {
		status = NVML_ASK(gpu, nvmlDeviceGetTemperature, NVML_SENSOR_GPU, &celsius);
		memcpy(&reading.celsius, &celsius, sizeof(celsius));
	}
	if (gpu_told(&gpu->told, status, NODE_GPU_TEMPERATURE))
		gpu_say_value(&gpu->told, NODE_GPU_TEMPERATURE, reading.celsius);
}

static void ask_thresholds(struct nvidia_gpu *gpu)
{
	struct nvml_margin margin = { .version = NVML_MARGIN_1 };
	uint32_t celsius = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetMarginTemperature, &margin);

	if (gpu_told(&gpu->told, status, NODE_GPU_TEMPERATURE_MARGIN))
		gpu_say_value(&gpu->told, NODE_GPU_TEMPERATURE_MARGIN, margin.celsius);
	status =
		NVML_ASK(gpu, nvmlDeviceGetTemperatureThreshold, NVML_THRESHOLD_SLOWDOWN, &celsius);
	if (gpu_told(&gpu->told, status, NODE_GPU_TEMPERATURE_SLOWDOWN))
		gpu_say_u32(&gpu->told, NODE_GPU_TEMPERATURE_SLOWDOWN, celsius, 1);
}

static void ask_throttle(struct nvidia_gpu *gpu)
{
	static const struct {
		uint64_t bit;
		const char *word;
	} words[] = {
		{ NVML_REASON_IDLE, "idle" },
		{ NVML_REASON_APPLICATION_CLOCKS, "application" },
		{ NVML_REASON_SW_POWER_CAP, "sw-power" },
		{ NVML_REASON_HW_SLOWDOWN, "hw-slowdown" },
		{ NVML_REASON_SYNC_BOOST, "sync" },
		{ NVML_REASON_SW_THERMAL, "sw-thermal" },
		{ NVML_REASON_HW_THERMAL, "hw-thermal" },
		{ NVML_REASON_HW_POWER_BRAKE, "power-brake" },
		{ NVML_REASON_DISPLAY_CLOCKS, "display" },
	};
	const uint64_t most = 0xffff; /* newer drivers may have reasons that are not known here */
	uint64_t mask = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetCurrentClocksEventReasons, &mask);

	if (!gpu_told(&gpu->told, status, NODE_GPU_THROTTLE))
		return;
	if (mask > most) {
		gpu_say_rubbish(&gpu->told, NODE_GPU_THROTTLE, mask);
		return;
	}
	SCOPED_TEXT(state);
	for (size_t i = 0; i < COUNT(words); i++) {
		if (!(mask & words[i].bit))
			continue;
		text_add(&state, state.length > 0 ? "+" : "");
		text_add(&state, words[i].word);
		mask &= ~words[i].bit;
	}
	if (mask != 0)
		text_format(&state, "%sother-%llx", state.length > 0 ? "+" : "",
			    (unsigned long long)mask);
	gpu_say_state(&gpu->told, NODE_GPU_THROTTLE,
		      state.length > 0 ? text_string(&state) : "none");
}

static void ask_violations(struct nvidia_gpu *gpu)
{
	static const struct {
		uint32_t policy;
		enum measure measure;
	} policies[] = {
		{ NVML_POLICY_POWER, NODE_GPU_THROTTLE_POWER },
		{ NVML_POLICY_THERMAL, NODE_GPU_THROTTLE_THERMAL },
		{ NVML_POLICY_BOARD_LIMIT, NODE_GPU_THROTTLE_BOARD },
	};

	for (size_t i = 0; i < COUNT(policies); i++) {
		struct nvml_violation violation = { 0 };
		uint32_t status =
			NVML_ASK(gpu, nvmlDeviceGetViolationStatus, policies[i].policy, &violation);

		if (gpu_told(&gpu->told, status, policies[i].measure))
			gpu_say_u64(&gpu->told, policies[i].measure, violation.violation_ns, 1e-9);
	}
}

static void ask_power(struct nvidia_gpu *gpu)
{
	uint32_t milliwatts = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetPowerUsage, &milliwatts);

	if (gpu_told(&gpu->told, status, NODE_GPU_POWER))
		gpu_say_u32(&gpu->told, NODE_GPU_POWER, milliwatts, watts_of_mw);
}

static void ask_clock(struct nvidia_gpu *gpu)
{
	uint32_t mhz = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetClockInfo, NVML_CLOCK_SM, &mhz);

	if (gpu_told(&gpu->told, status, NODE_GPU_CLOCK))
		gpu_say_u32(&gpu->told, NODE_GPU_CLOCK, mhz, 1);
}

static void ask_limits(struct nvidia_gpu *gpu)
{
	uint32_t value = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetEnforcedPowerLimit, &value);

	if (gpu_told(&gpu->told, status, NODE_GPU_POWER_LIMIT))
		gpu_say_u32(&gpu->told, NODE_GPU_POWER_LIMIT, value, watts_of_mw);
	status = NVML_ASK(gpu, nvmlDeviceGetPowerManagementDefaultLimit, &value);
	if (gpu_told(&gpu->told, status, NODE_GPU_POWER_LIMIT_DEFAULT))
		gpu_say_u32(&gpu->told, NODE_GPU_POWER_LIMIT_DEFAULT, value, watts_of_mw);
	status = NVML_ASK(gpu, nvmlDeviceGetMaxClockInfo, NVML_CLOCK_SM, &value);
	if (gpu_told(&gpu->told, status, NODE_GPU_CLOCK_MAXIMUM))
		gpu_say_u32(&gpu->told, NODE_GPU_CLOCK_MAXIMUM, value, 1);
}

static void ask_utilisation(struct nvidia_gpu *gpu)
{
	struct nvml_utilization rates = { 0 };
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetUtilizationRates, &rates);

	if (gpu_told(&gpu->told, status, NODE_GPU_UTILISATION))
		gpu_say_u32(&gpu->told, NODE_GPU_UTILISATION, rates.gpu, 1);
}

static void ask_pcie(struct nvidia_gpu *gpu)
{
	uint32_t value = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetCurrPcieLinkGeneration, &value);

	if (gpu_told(&gpu->told, status, NODE_GPU_PCIE_GENERATION))
		gpu_say_u32(&gpu->told, NODE_GPU_PCIE_GENERATION, value, 1);
	status = NVML_ASK(gpu, nvmlDeviceGetMaxPcieLinkGeneration, &value);
	if (gpu_told(&gpu->told, status, NODE_GPU_PCIE_GENERATION_MAXIMUM))
		gpu_say_u32(&gpu->told, NODE_GPU_PCIE_GENERATION_MAXIMUM, value, 1);
	status = NVML_ASK(gpu, nvmlDeviceGetCurrPcieLinkWidth, &value);
	if (gpu_told(&gpu->told, status, NODE_GPU_PCIE_WIDTH))
		gpu_say_u32(&gpu->told, NODE_GPU_PCIE_WIDTH, value, 1);
	status = NVML_ASK(gpu, nvmlDeviceGetMaxPcieLinkWidth, &value);
	if (gpu_told(&gpu->told, status, NODE_GPU_PCIE_WIDTH_MAXIMUM))
		gpu_say_u32(&gpu->told, NODE_GPU_PCIE_WIDTH_MAXIMUM, value, 1);
}

static void ask_replays(struct nvidia_gpu *gpu)
{
	uint32_t value = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetPcieReplayCounter, &value);

	if (gpu_told(&gpu->told, status, NODE_GPU_PCIE_REPLAYS))
		gpu_say_u32(&gpu->told, NODE_GPU_PCIE_REPLAYS, value, 1);
}

/* Processes as the library wrote them: entries of 24 bytes, or of 32 by some early drivers of R535,
 * told by numbers of processes that cannot be. */
struct process_list {
	uint32_t count;
	_Alignas(8) char room[PROCESSES_MAXIMUM * NVML_PROCESS_ROOM];
};

static bool read_processes(const struct process_list *list, size_t stride, bool with_memory,
			   struct nvidia_gpu *gpu)
{
	const uint32_t pid_most = 1 << 22; /* the kernel's own maximum */

	for (uint32_t i = 0; i < list->count; i++) {
		struct nvml_process_1 process;

		memcpy(&process, list->room + i * stride, sizeof(process));
		if (process.pid == 0 || process.pid > pid_most)
			return false;
		if (!with_memory || process.memory == UINT64_MAX)
			continue;
		(void)snprintf(gpu->told.part, VENDOR_NAME_SIZE, "%.24s/pid:%u", gpu->told.name,
			       process.pid);
		gpu_say_u64(&gpu->told, NODE_GPU_PROCESS_MEMORY, process.memory, 1);
	}
	memcpy(gpu->told.part, gpu->told.name, VENDOR_NAME_SIZE);
	return true;
}

static uint32_t list_processes(struct nvidia_gpu *gpu, struct process_list *list,
			       size_t *ret_stride)
{
	uint32_t status;

	*ret_stride = sizeof(struct nvml_process);
	list->count = PROCESSES_MAXIMUM;
	status = NVML_ASK(gpu, nvmlDeviceGetComputeRunningProcesses_v3, &list->count,
			  (struct nvml_process *)(void *)list->room);
	if (vendor_heard(&nvml_statuses, status) != HEARD_NOTHING)
		return status;
	*ret_stride = sizeof(struct nvml_process_1);
	list->count = PROCESSES_MAXIMUM;
	return NVML_ASK(gpu, nvmlDeviceGetComputeRunningProcesses, &list->count,
			(struct nvml_process_1 *)(void *)list->room);
}

static void ask_processes(struct nvidia_gpu *gpu)
{
	struct process_list list = { .count = 0 };
	bool with_memory = gpu->told.shares & PROBE_FULL;
	size_t stride;
	uint32_t status = list_processes(gpu, &list, &stride);

	if (status == NVML_STATUS_INSUFFICIENT_SIZE && list.count > PROCESSES_MAXIMUM) {
		gpu_say_u32(&gpu->told, NODE_GPU_PROCESSES, list.count, 1);
		return;
	}
	if (!gpu_told(&gpu->told, status, NODE_GPU_PROCESSES))
		return;
	if (list.count > PROCESSES_MAXIMUM) {
		gpu_say_rubbish(&gpu->told, NODE_GPU_PROCESSES, list.count);
		return;
	}
	if (!read_processes(&list, stride, false, gpu))
		stride = NVML_PROCESS_ROOM;
	gpu_say_u32(&gpu->told, NODE_GPU_PROCESSES, list.count, 1);
	if (with_memory && read_processes(&list, stride, false, gpu))
		(void)read_processes(&list, stride, true, gpu);
}

/* In the order of how much they tell: what a stall cuts off is the least. */
static const struct {
	unsigned shares;
	void (*ask)(struct nvidia_gpu *gpu);
} questions[] = {
	{ PROBE_QUICK, ask_name },
	{ PROBE_QUICK | PROBE_HEAT, ask_fields },
	{ PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS, nvidia_ask_memory },
	{ PROBE_QUICK, ask_partition },
	{ PROBE_QUICK | PROBE_HEAT, ask_temperature },
	{ PROBE_QUICK | PROBE_HEAT, ask_throttle },
	{ PROBE_QUICK | PROBE_HEAT, ask_power },
	{ PROBE_QUICK, ask_utilisation },
	{ PROBE_QUICK, ask_processes },
	{ PROBE_QUICK, nvidia_ask_fabric },
	{ PROBE_FULL, ask_identity },
	{ PROBE_FULL, ask_modes },
	{ PROBE_QUICK | PROBE_FULL | PROBE_HEAT, ask_thresholds },
	{ PROBE_FULL | PROBE_HEAT, ask_clock },
	{ PROBE_FULL, ask_limits },
	{ PROBE_FULL, ask_pcie },
	{ PROBE_FULL | PROBE_COUNTERS, ask_replays },
	{ PROBE_FULL | PROBE_COUNTERS, ask_violations },
	{ PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS, nvidia_ask_links },
	{ PROBE_FULL, ask_inforom },
};

void nvidia_ask_gpu(struct nvidia_gpu *gpu)
{
	for (size_t i = 0; i < COUNT(questions) && !gpu->told.is_gone; i++)
		if (questions[i].shares & gpu->told.shares)
			questions[i].ask(gpu);
}
