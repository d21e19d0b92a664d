/* Stand-in for libnvidia-ml.so.1: modes, memory errors, temperature, power, clocks, PCI Express and
 * processes. */
#include "nvml_stand_in.h"

#include <math.h>

enum {
	MILLI = 1000,
	REMAP_BANKS_KEYS = 5,
	PCIE_GENERATIONS = 7,
};

static const double mib = 1048576;

/* A key that has a value now and a value for after the next reset, the same if there is none. */
static uint32_t give_pair(const char *call, const struct nvml_device *device,
			  const char *const keys[2], uint32_t *current, uint32_t *pending)
{
	double number;
	uint32_t status = stand_in_give(call, device, keys[0], 1, current);

	if (status != NVML_STATUS_SUCCESS)
		return status;
	*pending =
		stand_in_number(device, SCENARIO_NO_LINK, keys[1], &number) == NVML_STATUS_SUCCESS
			? (uint32_t)number
			: *current;
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetPersistenceMode(struct nvml_device *device, uint32_t *on)
{
	return stand_in_give(__func__, device, "persistence", 1, on);
}

uint32_t nvmlDeviceGetComputeMode(struct nvml_device *device, uint32_t *mode)
{
	return stand_in_give(__func__, device, "compute_mode", 1, mode);
}

uint32_t nvmlDeviceGetMigMode(struct nvml_device *device, uint32_t *current, uint32_t *pending)
{
	static const char *const keys[2] = { "mig", "mig_pending" };

	return give_pair(__func__, device, keys, current, pending);
}

uint32_t nvmlDeviceGetEccMode(struct nvml_device *device, uint32_t *current, uint32_t *pending)
{
	static const char *const keys[2] = { "ecc", "ecc_pending" };

	return give_pair(__func__, device, keys, current, pending);
}

static unsigned slices_of(const struct nvml_device *device)
{
	double slices = stand_in_number_or_0(device, SCENARIO_NO_LINK, "mig_slices");

	if (stand_in_number_or_0(device, SCENARIO_NO_LINK, "mig") < 1)
		return 0;
	return (unsigned)fmin(slices, STAND_IN_SLICES_MAXIMUM);
}

uint32_t nvmlDeviceGetMaxMigDeviceCount(struct nvml_device *device, uint32_t *count)
{
	uint32_t status;
	double mig;

	if (!stand_in_enter(__func__, device, count, sizeof(*count), &status))
		return status;
	status = stand_in_number(device, SCENARIO_NO_LINK, "mig", &mig);
	if (status == NVML_STATUS_SUCCESS)
		*count = STAND_IN_SLICES_MAXIMUM;
	return status;
}

uint32_t nvmlDeviceGetMigDeviceHandleByIndex(struct nvml_device *device, uint32_t index,
					     struct nvml_device **slice)
{
	uint32_t status;

	if (!stand_in_enter(__func__, device, slice, 0, &status))
		return status;
	if (device->slice != 0 || index >= STAND_IN_SLICES_MAXIMUM)
		return NVML_STATUS_INVALID_ARGUMENT;
	if (index >= slices_of(device))
		return NVML_STATUS_NOT_FOUND;
	*slice = &stand_in.devices[device->gpu][index + 1];
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceIsMigDeviceHandle(struct nvml_device *device, uint32_t *is)
{
	uint32_t status;

	if (stand_in_enter(__func__, device, is, sizeof(*is), &status))
		*is = device->slice != 0;
	return status;
}

uint32_t nvmlDeviceGetGpuInstanceId(struct nvml_device *slice, uint32_t *id)
{
	uint32_t status;

	if (!stand_in_enter(__func__, slice, id, sizeof(*id), &status))
		return status;
	if (slice->slice == 0)
		return NVML_STATUS_INVALID_ARGUMENT;
	*id = slice->slice;
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetComputeInstanceId(struct nvml_device *slice, uint32_t *id)
{
	uint32_t status;

	if (!stand_in_enter(__func__, slice, id, sizeof(*id), &status))
		return status;
	if (slice->slice == 0)
		return NVML_STATUS_INVALID_ARGUMENT;
	*id = 0;
	return NVML_STATUS_SUCCESS;
}

/* One counter of memory errors; `location` is that of DRAM or of SRAM. */
static uint32_t count_errors(const struct nvml_device *device, uint32_t error, uint32_t counter,
			     uint32_t location, double *ret_count)
{
	static const char *const names[2][2][2] = {
		{ { "dram_corrected_volatile", "dram_corrected_aggregate" },
		  { "dram_uncorrected_volatile", "dram_uncorrected_aggregate" } },
		{ { "sram_corrected_volatile", "sram_corrected_aggregate" },
		  { "sram_uncorrected_volatile", "sram_uncorrected_aggregate" } },
	};

	if (error > NVML_ECC_UNCORRECTED || counter > NVML_ECC_AGGREGATE)
		return NVML_STATUS_INVALID_ARGUMENT;
	if (stand_in_number_or_0(device, SCENARIO_NO_LINK, "ecc") < 1)
		return NVML_STATUS_NOT_SUPPORTED;
	return stand_in_number(device, SCENARIO_NO_LINK,
			       names[location == NVML_LOCATION_SRAM][error][counter], ret_count);
}

uint32_t nvmlDeviceGetTotalEccErrors(struct nvml_device *device, uint32_t error, uint32_t counter,
				     uint64_t *count)
{
	uint32_t status;
	double dram;
	double sram;

	if (!stand_in_enter(__func__, device, count, sizeof(*count), &status))
		return status;
	status = count_errors(device, error, counter, NVML_LOCATION_DRAM, &dram);
	if (status == NVML_STATUS_SUCCESS)
		status = count_errors(device, error, counter, NVML_LOCATION_SRAM, &sram);
	if (status == NVML_STATUS_SUCCESS)
		*count = (uint64_t)(dram + sram);
	return status;
}

/* From Ampere on there are two places. */
uint32_t nvmlDeviceGetMemoryErrorCounter(struct nvml_device *device, uint32_t error,
					 uint32_t counter, uint32_t location, uint64_t *count)
{
	uint32_t status;
	double number;

	if (!stand_in_enter(__func__, device, count, sizeof(*count), &status))
		return status;
	if (location != NVML_LOCATION_DRAM && location != NVML_LOCATION_SRAM)
		return NVML_STATUS_NOT_SUPPORTED;
	status = count_errors(device, error, counter, location, &number);
	if (status == NVML_STATUS_SUCCESS)
		*count = (uint64_t)number;
	return status;
}

static uint64_t count_of(const struct nvml_device *device, const char *key)
{
	return (uint64_t)stand_in_number_or_0(device, SCENARIO_NO_LINK, key);
}

uint32_t nvmlDeviceGetSramEccErrorStatus(struct nvml_device *device, struct nvml_sram_ecc *status)
{
	uint32_t answer;
	double threshold;

	if (!stand_in_enter(__func__, device, status, sizeof(*status), &answer))
		return answer;
	if (status->version != NVML_SRAM_ECC_1)
		return NVML_STATUS_ARGUMENT_VERSION_MISMATCH;
	answer = stand_in_number(device, SCENARIO_NO_LINK, "sram_threshold", &threshold);
	if (answer != NVML_STATUS_SUCCESS)
		return answer;
	*status = (struct nvml_sram_ecc){
		.version = NVML_SRAM_ECC_1,
		.aggregate_parity = count_of(device, "sram_parity_aggregate"),
		.aggregate_sec_ded = count_of(device, "sram_uncorrected_aggregate") -
				     count_of(device, "sram_parity_aggregate"),
		.aggregate_corrected = count_of(device, "sram_corrected_aggregate"),
		.volatile_parity = count_of(device, "sram_parity_volatile"),
		.volatile_sec_ded = count_of(device, "sram_uncorrected_volatile") -
				    count_of(device, "sram_parity_volatile"),
		.volatile_corrected = count_of(device, "sram_corrected_volatile"),
		.in_l2 = count_of(device, "sram_in_l2"),
		.in_sm = count_of(device, "sram_in_sm"),
		.in_pcie = count_of(device, "sram_in_pcie"),
		.in_mcu = count_of(device, "sram_in_mcu"),
		.in_other = count_of(device, "sram_in_other"),
		.threshold_exceeded = (uint32_t)threshold,
	};
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetRetiredPages_v2(struct nvml_device *device, uint32_t cause, uint32_t *count,
				      uint64_t *addresses, uint64_t *timestamps)
{
	uint32_t status;
	double pages;

	if (!stand_in_enter(__func__, device, count, 0, &status))
		return status;
	if (cause > NVML_RETIRED_DOUBLE_BIT)
		return NVML_STATUS_INVALID_ARGUMENT;
	status = stand_in_number(
		device, SCENARIO_NO_LINK,
		cause == NVML_RETIRED_SINGLE_BIT ? "retired_single" : "retired_double", &pages);
	if (status != NVML_STATUS_SUCCESS)
		return status;
	uint32_t room = *count;
	*count = (uint32_t)pages;
	if (room < *count)
		return NVML_STATUS_INSUFFICIENT_SIZE;
	for (uint32_t i = 0; i < *count; i++) {
		addresses[i] = 0x10000ULL * (i + 1);
		timestamps[i] = 1700000000ULL + i;
	}
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetRetiredPagesPendingStatus(struct nvml_device *device, uint32_t *pending)
{
	return stand_in_give(__func__, device, "retired_pending", 1, pending);
}

uint32_t nvmlDeviceGetRemappedRows(struct nvml_device *device, uint32_t *correctable,
				   uint32_t *uncorrectable, uint32_t *pending, uint32_t *failed)
{
	uint32_t status = stand_in_give(__func__, device, "remapped_correctable", 1, correctable);

	if (status != NVML_STATUS_SUCCESS)
		return status;
	if (slices_of(device) > 0)
		return NVML_STATUS_NOT_SUPPORTED;
	*uncorrectable = (uint32_t)count_of(device, "remapped_uncorrectable");
	*pending = (uint32_t)count_of(device, "remap_pending");
	*failed = (uint32_t)count_of(device, "remap_failed");
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetRowRemapperHistogram(struct nvml_device *device,
					   struct nvml_remap_histogram *histogram)
{
	uint32_t status;
	double all;

	if (!stand_in_enter(__func__, device, histogram, sizeof(*histogram), &status))
		return status;
	status = stand_in_number(device, SCENARIO_NO_LINK, "remap_banks", &all);
	if (status != NVML_STATUS_SUCCESS)
		return status;
	if (slices_of(device) > 0)
		return NVML_STATUS_NOT_SUPPORTED;
	histogram->all = (uint32_t)all;
	histogram->most = (uint32_t)count_of(device, "remap_banks_most");
	histogram->some = (uint32_t)count_of(device, "remap_banks_some");
	histogram->few = (uint32_t)count_of(device, "remap_banks_few");
	histogram->none = (uint32_t)count_of(device, "remap_banks_none");
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetTemperature(struct nvml_device *device, uint32_t sensor, uint32_t *celsius)
{
	if (sensor != NVML_SENSOR_GPU)
		return NVML_STATUS_INVALID_ARGUMENT;
	return stand_in_give(__func__, device, "temperature", 1, celsius);
}

uint32_t nvmlDeviceGetTemperatureV(struct nvml_device *device, struct nvml_temperature *reading)
{
	uint32_t status;
	double celsius;

	if (!stand_in_enter(__func__, device, reading, sizeof(*reading), &status))
		return status;
	if (reading->version != NVML_TEMPERATURE_1)
		return NVML_STATUS_ARGUMENT_VERSION_MISMATCH;
	if (reading->sensor != NVML_SENSOR_GPU)
		return NVML_STATUS_INVALID_ARGUMENT;
	status = stand_in_number(device, SCENARIO_NO_LINK, "temperature", &celsius);
	if (status == NVML_STATUS_SUCCESS)
		reading->celsius = (int32_t)lround(celsius);
	return status;
}

uint32_t nvmlDeviceGetMarginTemperature(struct nvml_device *device, struct nvml_margin *margin)
{
	uint32_t status;
	double celsius;

	if (!stand_in_enter(__func__, device, margin, sizeof(*margin), &status))
		return status;
	if (margin->version != NVML_MARGIN_1)
		return NVML_STATUS_ARGUMENT_VERSION_MISMATCH;
	status = stand_in_number(device, SCENARIO_NO_LINK, "margin", &celsius);
	if (status == NVML_STATUS_SUCCESS)
		margin->celsius = (int32_t)lround(celsius);
	return status;
}

uint32_t nvmlDeviceGetTemperatureThreshold(struct nvml_device *device, uint32_t threshold,
					   uint32_t *celsius)
{
	static const char *const keys[] = {
		[NVML_THRESHOLD_SHUTDOWN] = "threshold_shutdown",
		[NVML_THRESHOLD_SLOWDOWN] = "threshold_slowdown",
		[NVML_THRESHOLD_MEMORY_MAXIMUM] = "threshold_memory",
		[NVML_THRESHOLD_GPU_MAXIMUM] = "threshold_gpu",
	};

	if (threshold >= sizeof(keys) / sizeof(keys[0]))
		return NVML_STATUS_NOT_SUPPORTED;
	return stand_in_give(__func__, device, keys[threshold], 1, celsius);
}

uint32_t nvmlDeviceGetPowerUsage(struct nvml_device *device, uint32_t *power)
{
	return stand_in_give(__func__, device, "power", MILLI, power);
}

/* The limit that was set, unless something else holds it lower. */
uint32_t nvmlDeviceGetEnforcedPowerLimit(struct nvml_device *device, uint32_t *limit)
{
	double enforced;
	uint32_t status = stand_in_give(__func__, device, "power_limit", MILLI, limit);

	if (status == NVML_STATUS_SUCCESS &&
	    stand_in_number(device, SCENARIO_NO_LINK, "power_enforced", &enforced) ==
		    NVML_STATUS_SUCCESS)
		*limit = (uint32_t)llround(enforced * MILLI);
	return status;
}

uint32_t nvmlDeviceGetPowerManagementLimit(struct nvml_device *device, uint32_t *limit)
{
	return stand_in_give(__func__, device, "power_limit", MILLI, limit);
}

uint32_t nvmlDeviceGetPowerManagementDefaultLimit(struct nvml_device *device, uint32_t *limit)
{
	return stand_in_give(__func__, device, "power_default", MILLI, limit);
}

uint32_t nvmlDeviceGetPowerManagementLimitConstraints(struct nvml_device *device, uint32_t *minimum,
						      uint32_t *maximum)
{
	uint32_t status = stand_in_give(__func__, device, "power_minimum", MILLI, minimum);

	if (status == NVML_STATUS_SUCCESS)
		*maximum = (uint32_t)llround(
			stand_in_number_or_0(device, SCENARIO_NO_LINK, "power_maximum") * MILLI);
	return status;
}

uint32_t nvmlDeviceGetTotalEnergyConsumption(struct nvml_device *device, uint64_t *millijoules)
{
	return stand_in_give_long(__func__, device, "energy", MILLI, millijoules);
}

uint32_t nvmlDeviceGetUtilizationRates(struct nvml_device *device, struct nvml_utilization *rates)
{
	uint32_t status;
	double gpu;

	if (!stand_in_enter(__func__, device, rates, sizeof(*rates), &status))
		return status;
	if (slices_of(device) > 0)
		return NVML_STATUS_NOT_SUPPORTED;
	status = stand_in_number(device, SCENARIO_NO_LINK, "utilization", &gpu);
	if (status != NVML_STATUS_SUCCESS)
		return status;
	rates->gpu = (uint32_t)gpu;
	rates->memory = (uint32_t)count_of(device, "memory_utilization");
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetPerformanceState(struct nvml_device *device, uint32_t *state)
{
	return stand_in_give(__func__, device, "performance_state", 1, state);
}

uint32_t nvmlDeviceGetClockInfo(struct nvml_device *device, uint32_t clock, uint32_t *mhz)
{
	static const char *const keys[] = { "clock_sm", "clock_sm", "clock_memory", "clock_video" };

	if (clock >= sizeof(keys) / sizeof(keys[0]))
		return NVML_STATUS_INVALID_ARGUMENT;
	return stand_in_give(__func__, device, keys[clock], 1, mhz);
}

uint32_t nvmlDeviceGetMaxClockInfo(struct nvml_device *device, uint32_t clock, uint32_t *mhz)
{
	static const char *const keys[] = { "clock_sm_maximum", "clock_sm_maximum",
					    "clock_memory_maximum", "clock_video_maximum" };

	if (clock >= sizeof(keys) / sizeof(keys[0]))
		return NVML_STATUS_INVALID_ARGUMENT;
	return stand_in_give(__func__, device, keys[clock], 1, mhz);
}

uint32_t nvmlDeviceGetCurrentClocksEventReasons(struct nvml_device *device, uint64_t *reasons)
{
	return stand_in_give_long(__func__, device, "clocks_reasons", 1, reasons);
}

uint32_t nvmlDeviceGetCurrentClocksThrottleReasons(struct nvml_device *device, uint64_t *reasons)
{
	return stand_in_give_long(__func__, device, "clocks_reasons", 1, reasons);
}

uint32_t nvmlDeviceGetViolationStatus(struct nvml_device *device, uint32_t policy,
				      struct nvml_violation *violation)
{
	static const char *const keys[] = {
		[NVML_POLICY_POWER] = "violation_power",
		[NVML_POLICY_THERMAL] = "violation_thermal",
		[NVML_POLICY_SYNC_BOOST] = "violation_sync_boost",
		[NVML_POLICY_BOARD_LIMIT] = "violation_board_limit",
		[NVML_POLICY_LOW_UTILIZATION] = "violation_low_utilization",
		[NVML_POLICY_RELIABILITY] = "violation_reliability",
	};
	uint32_t status;
	double nanoseconds;

	if (!stand_in_enter(__func__, device, violation, sizeof(*violation), &status))
		return status;
	if (policy >= sizeof(keys) / sizeof(keys[0]))
		return NVML_STATUS_NOT_SUPPORTED;
	status = stand_in_number(device, SCENARIO_NO_LINK, keys[policy], &nanoseconds);
	if (status != NVML_STATUS_SUCCESS)
		return status;
	violation->violation_ns = (uint64_t)nanoseconds;
	violation->reference_us =
		(uint64_t)((stand_in.scenario.epoch + scenario_now(&stand_in.scenario)) * 1e6);
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetCurrPcieLinkGeneration(struct nvml_device *device, uint32_t *generation)
{
	return stand_in_give(__func__, device, "pcie_generation", 1, generation);
}

uint32_t nvmlDeviceGetCurrPcieLinkWidth(struct nvml_device *device, uint32_t *width)
{
	return stand_in_give(__func__, device, "pcie_width", 1, width);
}

uint32_t nvmlDeviceGetMaxPcieLinkGeneration(struct nvml_device *device, uint32_t *generation)
{
	return stand_in_give(__func__, device, "pcie_generation_maximum", 1, generation);
}

uint32_t nvmlDeviceGetMaxPcieLinkWidth(struct nvml_device *device, uint32_t *width)
{
	return stand_in_give(__func__, device, "pcie_width_maximum", 1, width);
}

uint32_t nvmlDeviceGetGpuMaxPcieLinkGeneration(struct nvml_device *device, uint32_t *generation)
{
	return stand_in_give(__func__, device, "pcie_generation_gpu", 1, generation);
}

uint32_t nvmlDeviceGetPcieReplayCounter(struct nvml_device *device, uint32_t *count)
{
	return stand_in_give(__func__, device, "pcie_replays", 1, count);
}

uint32_t nvmlDeviceGetPcieSpeed(struct nvml_device *device, uint32_t *mbit_per_s)
{
	static const uint32_t speeds[PCIE_GENERATIONS] = {
		0, 2500, 5000, 8000, 16000, 32000, 64000
	};
	uint32_t status = stand_in_give(__func__, device, "pcie_generation", 1, mbit_per_s);

	if (status == NVML_STATUS_SUCCESS && *mbit_per_s < PCIE_GENERATIONS)
		*mbit_per_s = speeds[*mbit_per_s];
	return status;
}

/* The processes that hold now, "PID MIB" each: *count is the room in, the number out. */
static uint32_t list_processes(const char *call, const struct nvml_device *device, uint32_t *count,
			       struct nvml_process *processes)
{
	const struct scenario_line *line;
	uint32_t room;
	uint32_t found = 0;
	uint32_t status;
	double words[2];

	if (!stand_in_enter(call, device, count, sizeof(*count), &status))
		return status;
	if (!count)
		return NVML_STATUS_INVALID_ARGUMENT;
	room = processes ? *count : 0;
	for (unsigned i = 0; (line = scenario_nth(&stand_in.scenario, device->gpu, "process", i));
	     i++) {
		if (!scenario_holds(&stand_in.scenario, line) ||
		    !scenario_word(line->value, 0, &words[0]) ||
		    !scenario_word(line->value, 1, &words[1]))
			continue;
		if (found < room)
			processes[found] = (struct nvml_process){ (uint32_t)words[0],
								  (uint64_t)(words[1] * mib),
								  UINT32_MAX, UINT32_MAX };
		found++;
	}
	*count = found;
	return found > room ? NVML_STATUS_INSUFFICIENT_SIZE : NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetComputeRunningProcesses_v3(struct nvml_device *device, uint32_t *count,
						 struct nvml_process *processes)
{
	return list_processes(__func__, device, count, processes);
}

uint32_t nvmlDeviceGetComputeRunningProcesses_v2(struct nvml_device *device, uint32_t *count,
						 struct nvml_process *processes)
{
	return list_processes(__func__, device, count, processes);
}

uint32_t nvmlDeviceGetComputeRunningProcesses(struct nvml_device *device, uint32_t *count,
					      struct nvml_process_1 *processes)
{
	enum {
		PROCESSES_MAXIMUM = 64,
	};
	struct nvml_process newer[PROCESSES_MAXIMUM];
	uint32_t room;
	uint32_t found;
	uint32_t status;

	if (!count || (!processes && *count > 0))
		return NVML_STATUS_INVALID_ARGUMENT;
	room = *count < PROCESSES_MAXIMUM ? *count : PROCESSES_MAXIMUM;
	found = room;
	status = list_processes(__func__, device, &found, newer);
	*count = found;
	for (uint32_t i = 0; status == NVML_STATUS_SUCCESS && i < found && i < room; i++)
		processes[i] = (struct nvml_process_1){ newer[i].pid, newer[i].memory };
	return status;
}

/* A node for computing draws nothing. */
uint32_t nvmlDeviceGetGraphicsRunningProcesses_v3(struct nvml_device *device, uint32_t *count,
						  struct nvml_process *processes)
{
	uint32_t status;

	(void)processes;
	if (stand_in_enter(__func__, device, count, sizeof(*count), &status))
		*count = 0;
	return status;
}
