#include "probe/nvml_abi.h"

#include "play.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The functions that the tests call, and a GPU. */
static void *library;
static __typeof__(&nvmlInit_v2) init;
static __typeof__(&nvmlShutdown) shut_down;
static __typeof__(&nvmlDeviceGetCount_v2) count_gpus;
static __typeof__(&nvmlDeviceGetHandleByIndex_v2) take_gpu;
static __typeof__(&nvmlDeviceGetTemperature) read_temperature;
static __typeof__(&nvmlDeviceGetPciInfo_v3) read_pci;
static __typeof__(&nvmlDeviceGetNvLinkState) read_link;
static __typeof__(&nvmlDeviceGetFieldValues) read_fields;

static int open_library(void **state)
{
	(void)state;
	library = play_open("libnvidia-ml.so.1");
	init = PLAY_FUNCTION(library, nvmlInit_v2);
	shut_down = PLAY_FUNCTION(library, nvmlShutdown);
	count_gpus = PLAY_FUNCTION(library, nvmlDeviceGetCount_v2);
	take_gpu = PLAY_FUNCTION(library, nvmlDeviceGetHandleByIndex_v2);
	read_temperature = PLAY_FUNCTION(library, nvmlDeviceGetTemperature);
	read_pci = PLAY_FUNCTION(library, nvmlDeviceGetPciInfo_v3);
	read_link = PLAY_FUNCTION(library, nvmlDeviceGetNvLinkState);
	read_fields = PLAY_FUNCTION(library, nvmlDeviceGetFieldValues);
	return 0;
}

static int shut_library(void **state)
{
	(void)state;
	while (shut_down() == NVML_STATUS_SUCCESS)
		;
	return 0;
}

static struct nvml_device *gpu(uint32_t index)
{
	struct nvml_device *device = NULL;

	assert_int_equal(take_gpu(index, &device), NVML_STATUS_SUCCESS);
	return device;
}

static void start(const char *text, double seconds_ago)
{
	play(text, seconds_ago);
	assert_int_equal(init(), NVML_STATUS_SUCCESS);
}

static struct nvml_field field_of(struct nvml_device *device, uint32_t id, uint32_t scope)
{
	struct nvml_field field = { .field = id, .scope = scope };

	assert_int_equal(read_fields(device, 1, &field), NVML_STATUS_SUCCESS);
	return field;
}

static void every_declared_function_is_there(void **state)
{
	(void)state;
	play_expect_all(library, "src/probe/nvml_abi.h", "nvml");
}

static const struct machine {
	const char *lines;
	const char *name;
	uint32_t gpus;
	const char *last_pci;
	uint32_t links_up, links;
	uint32_t speed;
	bool has_margin, has_link_counters, has_fabric;
} machines[] = {
	{ "machine h100x8", "NVIDIA H100 80GB HBM3", 8, "00000000:DF:00.0", 18, 18, 26562, true,
	  true, true },
	{ "machine h200x8", "NVIDIA H200", 8, "00000000:DF:00.0", 18, 18, 26562, true, true, true },
	{ "machine b200x8", "NVIDIA B200", 8, "00000000:DF:00.0", 18, 18, 53125, true, false,
	  true },
	{ "machine gb200x4", "NVIDIA GB200", 4, "00000019:01:00.0", 18, 18, 53125, true, false,
	  true },
	{ "machine a100x8", "NVIDIA A100-SXM4-80GB", 8, "00000000:BD:00.0", 12, 12, 25000, false,
	  true, false },
	{ "machine h100pcie8", "NVIDIA H100 PCIe", 8, "00000000:DF:00.0", 12, 18, 26562, true, true,
	  true },
};

static void check_links(struct nvml_device *device, const struct machine *machine)
{
	uint32_t up = 0;
	uint32_t active;
	uint64_t errors;

	for (uint32_t link = 0; link < machine->links; link++) {
		assert_int_equal(read_link(device, link, &active), NVML_STATUS_SUCCESS);
		struct nvml_field speed = field_of(device, NVML_FIELD_LINK_SPEED, link);
		assert_int_equal(speed.status, NVML_STATUS_SUCCESS);
		assert_int_equal(speed.value.unsigned_int, active ? machine->speed : 0);
		up += active;
	}
	assert_int_equal(up, machine->links_up);
	assert_int_equal(read_link(device, machine->links, &active), NVML_STATUS_INVALID_ARGUMENT);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetNvLinkErrorCounter)(
				 device, 0, NVML_LINK_CRC_FLIT, &errors),
			 machine->has_link_counters ? NVML_STATUS_SUCCESS
						    : NVML_STATUS_NOT_SUPPORTED);
	struct nvml_field symbols = field_of(device, NVML_FIELD_LINK_SYMBOL_ERRORS, 3);
	assert_int_equal(symbols.status, machine->has_link_counters ? NVML_STATUS_NOT_SUPPORTED
								    : NVML_STATUS_SUCCESS);
}

static void check_memory(struct nvml_device *device)
{
	struct nvml_memory memory;
	struct nvml_memory_2 more = { .version = NVML_MEMORY_2 };
	uint64_t count = 99;
	uint32_t rows[4] = { 99, 99, 99, 99 };
	uint32_t pages = 0;

	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetMemoryInfo)(device, &memory), 0);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetMemoryInfo_v2)(device, &more), 0);
	assert_int_equal(memory.total, more.total);
	assert_int_equal(memory.used, more.used + more.reserved);
	assert_true(memory.total > 80000ULL << 20 && memory.free > memory.total / 2);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetTotalEccErrors)(
				 device, NVML_ECC_UNCORRECTED, NVML_ECC_AGGREGATE, &count),
			 0);
	assert_int_equal(count, 0);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetRemappedRows)(
				 device, &rows[0], &rows[1], &rows[2], &rows[3]),
			 0);
	assert_int_equal(rows[0] + rows[1] + rows[2] + rows[3], 0);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetRetiredPages_v2)(
				 device, NVML_RETIRED_DOUBLE_BIT, &pages, NULL, NULL),
			 NVML_STATUS_NOT_SUPPORTED);
}

static void check_machine(const struct machine *machine)
{
	struct nvml_margin margin = { .version = NVML_MARGIN_1 };
	struct nvml_fabric_3 fabric = { .version = NVML_FABRIC_3 };
	struct nvml_pci pci;
	char name[NVML_NAME_SIZE];
	uint32_t gpus;
	uint32_t celsius;

	start(machine->lines, 0);
	assert_int_equal(count_gpus(&gpus), NVML_STATUS_SUCCESS);
	assert_int_equal(gpus, machine->gpus);
	for (uint32_t i = 0; i < gpus; i++) {
		assert_int_equal(
			PLAY_FUNCTION(library, nvmlDeviceGetName)(gpu(i), name, sizeof(name)), 0);
		assert_string_equal(name, machine->name);
		assert_int_equal(read_temperature(gpu(i), NVML_SENSOR_GPU, &celsius), 0);
		assert_in_range(celsius, 20, 60);
		assert_int_equal(
			PLAY_FUNCTION(library, nvmlDeviceGetMarginTemperature)(gpu(i), &margin),
			machine->has_margin ? NVML_STATUS_SUCCESS : NVML_STATUS_NOT_SUPPORTED);
		assert_int_equal(
			PLAY_FUNCTION(library, nvmlDeviceGetGpuFabricInfoV)(gpu(i), &fabric),
			machine->has_fabric ? NVML_STATUS_SUCCESS : NVML_STATUS_NOT_SUPPORTED);
		assert_int_equal(fabric.status, NVML_STATUS_SUCCESS);
		check_links(gpu(i), machine);
		check_memory(gpu(i));
	}
	assert_int_equal(read_pci(gpu(gpus - 1), &pci), NVML_STATUS_SUCCESS);
	assert_string_equal(pci.id, machine->last_pci);
	assert_int_equal(pci.device_id & 0xffff, 0x10de);
	assert_int_equal(shut_down(), NVML_STATUS_SUCCESS);
}

static void every_machine_is_whole_and_healthy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		check_machine(&machines[i]);
}

static void a_gpu_vanishes_and_is_not_counted_again(void **state)
{
	struct nvml_pci pci;
	uint32_t gpus;
	uint32_t celsius;
	struct nvml_device *device;

	(void)state;
	start("machine h100x8\ngpu 3 vanish t=10", 9.5);
	device = gpu(3);
	assert_int_equal(read_temperature(device, NVML_SENSOR_GPU, &celsius), NVML_STATUS_SUCCESS);
	shut_library(NULL);
	start("machine h100x8\ngpu 3 vanish", 20);
	assert_int_equal(count_gpus(&gpus), NVML_STATUS_SUCCESS);
	assert_int_equal(gpus, 7);
	assert_int_equal(read_pci(gpu(3), &pci), NVML_STATUS_SUCCESS);
	assert_string_equal(pci.short_id, "0000:9D:00.0");
	assert_int_equal(read_temperature(device, NVML_SENSOR_GPU, &celsius),
			 NVML_STATUS_GPU_IS_LOST);
}

static void an_error_has_a_call_a_gpu_and_a_time(void **state)
{
	static const struct {
		const char *line;
		uint32_t on_3, on_4;
	} cases[] = {
		{ "gpu 3 call nvmlDeviceGetTemperature error 15", 15, 0 },
		{ "gpu 3-4 call nvmlDeviceGetTemperature error 16 t=4", 16, 16 },
		{ "gpu 3 call nvmlDeviceGetTemperature error 15 t=9", 0, 0 },
		{ "gpu 3 call nvmlDeviceGetTemperature error 15 t=1 until=4", 0, 0 },
		{ "gpu 3 call nvmlDeviceGetTemperatureV error 15", 0, 0 },
		{ "call nvmlDeviceGetTemperature error 4", 4, 4 },
		{ "gpu 3 temperature !999", 999, 0 },
		{ "gpu 3 temperature -", NVML_STATUS_NOT_SUPPORTED, 0 },
	};
	char lines[256];
	uint32_t celsius;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(lines, sizeof(lines), "machine h100x8\n%s\n", cases[i].line);
		start(lines, 5);
		assert_int_equal(read_temperature(gpu(3), NVML_SENSOR_GPU, &celsius),
				 cases[i].on_3);
		assert_int_equal(read_temperature(gpu(4), NVML_SENSOR_GPU, &celsius),
				 cases[i].on_4);
		assert_int_equal(shut_down(), NVML_STATUS_SUCCESS);
	}
}

static void the_driver_may_be_out_of_order(void **state)
{
	static const struct {
		const char *lines;
		uint32_t status;
	} cases[] = {
		{ "machine h100x8\nsystem call nvmlInit_v2 error 18",
		  NVML_STATUS_LIB_RM_VERSION_MISMATCH },
		{ "machine h100x8\nsystem call nvmlInit_v2 error 9",
		  NVML_STATUS_DRIVER_NOT_LOADED },
		{ "machine h100x8\ncall nvmlInit_v2 error 4", NVML_STATUS_NO_PERMISSION },
		{ "machine mi300x8", NVML_STATUS_DRIVER_NOT_LOADED },
		{ "machine h100x8", NVML_STATUS_SUCCESS },
	};
	char version[NVML_VERSION_SIZE];
	uint32_t count;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		play(cases[i].lines, 0);
		assert_int_equal(init(), cases[i].status);
		shut_library(NULL);
		assert_int_equal(PLAY_FUNCTION(library, nvmlInitWithFlags)(NVML_INIT_WITHOUT_GPUS),
				 cases[i].status);
		shut_library(NULL);
		assert_int_equal(count_gpus(&count), NVML_STATUS_UNINITIALIZED);
	}
	play(cases[0].lines, 0);
	assert_int_equal(init(), NVML_STATUS_LIB_RM_VERSION_MISMATCH);
	assert_int_equal(PLAY_FUNCTION(library, nvmlSystemGetNVMLVersion)(version, sizeof(version)),
			 NVML_STATUS_SUCCESS);
	assert_string_equal(version, "12.570.172.08");
	assert_int_equal(
		PLAY_FUNCTION(library, nvmlSystemGetDriverVersion)(version, sizeof(version)),
		NVML_STATUS_UNINITIALIZED);
	assert_int_equal(unsetenv("ASSAY_SCENARIO"), 0);
	assert_int_equal(init(), NVML_STATUS_DRIVER_NOT_LOADED);
}

static void ask_for_the_temperature(void)
{
	uint32_t celsius;

	(void)read_temperature(gpu(3), NVML_SENSOR_GPU, &celsius);
}

static void a_call_stalls_or_crashes(void **state)
{
	static const struct {
		const char *line;
		enum play_end end;
	} cases[] = {
		{ "gpu 3 call nvmlDeviceGetTemperature stall", PLAY_STALLED },
		{ "gpu 3 call nvmlDeviceGetTemperature stall 0.05s", PLAY_RETURNED },
		{ "gpu 4 call nvmlDeviceGetTemperature stall", PLAY_RETURNED },
		{ "gpu 3 call nvmlDeviceGetTemperature crash", PLAY_CRASHED },
	};
	char lines[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(lines, sizeof(lines), "machine h100x8\n%s\n", cases[i].line);
		start(lines, 0);
		assert_int_equal(play_in_child(ask_for_the_temperature), cases[i].end);
		assert_int_equal(shut_down(), NVML_STATUS_SUCCESS);
	}
}

static void rubbish_is_a_success(void **state)
{
	char name[NVML_NAME_SIZE];
	uint32_t first;
	uint32_t second;

	(void)state;
	start("machine h100x8\ncall nvmlDeviceGetTemperature rubbish\n"
	      "call nvmlDeviceGetName rubbish",
	      0);
	assert_int_equal(read_temperature(gpu(3), NVML_SENSOR_GPU, &first), NVML_STATUS_SUCCESS);
	assert_int_equal(read_temperature(gpu(3), NVML_SENSOR_GPU, &second), NVML_STATUS_SUCCESS);
	assert_true(first != second);
	memset(name, 'x', sizeof(name));
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetName)(gpu(0), name, sizeof(name)),
			 NVML_STATUS_SUCCESS);
	assert_memory_not_equal(name, "NVIDIA", 6);
	assert_true(name[sizeof(name) - 1] != 'x' || name[sizeof(name) - 2] != 'x');
}

/* Slow curves: some seconds more or less change nothing. */
static void values_change_over_time(void **state)
{
	static const struct {
		const char *value;
		uint32_t at_150;
	} cases[] = {
		{ "t=0:40,300:70", 55 },
		{ "t=200:40,300:70", 40 },
		{ "t=0:40,100:70", 70 },
		{ "t=0:40,100:40,200:90", 65 },
		{ "step=0:40,100:70,200:99", 70 },
		{ "step=100:70", 70 },
		{ "rate=0.01/s", 1 },
		{ "rate=0.01/s base=7 t=20", 8 },
		{ "77", 77 },
		{ "0x20", 32 },
		{ "77 t=100", 77 },
		{ "77 t=200", 34 },
		{ "77 t=100 until=120", 34 },
	};
	char lines[256];
	uint32_t celsius;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(lines, sizeof(lines), "machine h100x8\ngpu 3 temperature %s\n",
			       cases[i].value);
		start(lines, 150);
		assert_int_equal(read_temperature(gpu(3), NVML_SENSOR_GPU, &celsius),
				 NVML_STATUS_SUCCESS);
		if (celsius < cases[i].at_150 || celsius > cases[i].at_150 + 1)
			fail_msg("%s gives %u", cases[i].value, celsius);
		assert_int_equal(shut_down(), NVML_STATUS_SUCCESS);
	}
}

static void a_line_that_is_not_understood_is_no_healthy_machine(void **state)
{
	static const char *const cases[] = {
		"machine nosuch",
		"machine ../machines/h100x8",
		"machine h100x8\ngpu 3 temprature 99",
		"machine h100x8\ngpu 3 temperature 9O",
		"machine h100x8\ngpu 3 temperature t=0:1,",
		"machine h100x8\ngpu 3 temperature t=0:1,0:2",
		"machine h100x8\ngpu 3 temperature t=9:1,3:x",
		"machine h100x8\ngpu 3 temperature t=5",
		"machine h100x8\ngpu 3 temperature rate=5",
		"machine h100x8\ngpu 3-2 temperature 5",
		"machine h100x8\ngpu 64 temperature 5",
		"machine h100x8\ngpu 3",
		"machine h100x8\nlink 3 state 0",
		"machine h100x8\ncall nvmlDeviceGetTemprature error 15",
		"machine h100x8\ncall nvmlDeviceGetTemperature eror 15",
		"machine h100x8\ncall nvmlDeviceGetTemperature error",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		play(cases[i], 0);
		if (init() != NVML_STATUS_UNKNOWN)
			fail_msg("taken: %s", cases[i]);
	}
}

static void a_link_that_no_board_has_is_still_capable(void **state)
{
	uint32_t has = 0;
	uint32_t active;

	(void)state;
	start("machine a100x8\nlink 2 5 state 0\nlink 2 6 state !2", 0);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetNvLinkCapability)(
				 gpu(0), 15, NVML_LINK_VALID, &has),
			 NVML_STATUS_SUCCESS);
	assert_int_equal(has, 1);
	assert_int_equal(read_link(gpu(0), 15, &active), NVML_STATUS_INVALID_ARGUMENT);
	assert_int_equal(read_link(gpu(2), 5, &active), NVML_STATUS_SUCCESS);
	assert_int_equal(active, 0);
	assert_int_equal(read_link(gpu(2), 6, &active), NVML_STATUS_INVALID_ARGUMENT);
	assert_int_equal(read_link(gpu(3), 5, &active), NVML_STATUS_SUCCESS);
	assert_int_equal(active, 1);
}

static void a_fabric_may_complete_without_success(void **state)
{
	static const uint8_t nothing[NVML_CLUSTER_ID_SIZE];
	struct nvml_fabric fabric;
	struct nvml_fabric_2 newer = { .version = NVML_FABRIC_2 };
	struct nvml_fabric_3 newest = { .version = 7 };
	__typeof__(&nvmlDeviceGetGpuFabricInfoV) read_newer =
		PLAY_FUNCTION(library, nvmlDeviceGetGpuFabricInfoV);

	(void)state;
	start("machine h100x8\ngpu 1 fabric_status 23\n"
	      "gpu 2 fabric_cluster 8f4c1d2e-0000-4000-8000-5a11000000ff\n",
	      0);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetGpuFabricInfo)(gpu(1), &fabric),
			 NVML_STATUS_SUCCESS);
	assert_int_equal(fabric.state, NVML_FABRIC_COMPLETED);
	assert_int_equal(fabric.status, NVML_STATUS_INSUFFICIENT_RESOURCES);
	assert_memory_equal(fabric.cluster_id, nothing, sizeof(nothing));
	assert_int_equal(read_newer(gpu(2), &newer), NVML_STATUS_SUCCESS);
	assert_int_equal(newer.status, NVML_STATUS_SUCCESS);
	assert_int_equal(newer.clique_id, 0);
	assert_int_equal(newer.cluster_id[0], 0x8f);
	assert_int_equal(newer.cluster_id[15], 0xff);
	assert_int_equal(newer.health_mask >> NVML_FABRIC_MISCONFIGURED_SHIFT & 0xf,
			 NVML_FABRIC_FAULT_NONE);
	assert_int_equal(read_newer(gpu(2), &newest), NVML_STATUS_ARGUMENT_VERSION_MISMATCH);
}

static void fields_answer_each_for_itself(void **state)
{
	static const struct {
		uint32_t field, scope, status, type;
		int64_t value;
	} cases[] = {
		{ NVML_FIELD_MEMORY_TEMPERATURE, 0, 0, NVML_VALUE_UNSIGNED_INT, 39 },
		{ NVML_FIELD_SHUTDOWN_MARGIN, 0, 0, NVML_VALUE_SIGNED_INT, (uint32_t)-8 },
		{ NVML_FIELD_RECOVERY_ACTION, 0, 0, NVML_VALUE_UNSIGNED_INT,
		  NVML_RECOVERY_GPU_RESET },
		{ NVML_FIELD_POWER_AVERAGE, 0, 0, NVML_VALUE_UNSIGNED_INT, 171000 },
		{ NVML_FIELD_POWER_INSTANT, NVML_POWER_OF_MODULE, 0, NVML_VALUE_UNSIGNED_INT,
		  310000 },
		{ NVML_FIELD_C2C_COUNT, 0, 0, NVML_VALUE_UNSIGNED_INT, 10 },
		{ NVML_FIELD_LINK_SYMBOL_ERRORS, 4, 0, NVML_VALUE_UNSIGNED_LONG_LONG, 17 },
		{ NVML_FIELD_LINK_SYMBOL_ERRORS, 18, NVML_STATUS_INVALID_ARGUMENT, 0, 0 },
		{ NVML_FIELD_LINK_SYMBOL_BER, 4, 0, NVML_VALUE_UNSIGNED_LONG_LONG, 3 << 8 | 12 },
		{ NVML_FIELD_LINK_FEC_0 + 15, 4, 0, NVML_VALUE_UNSIGNED_LONG_LONG, 2 },
		{ NVML_FIELD_LINK_RECOVERY_EVENTS, 4, NVML_STATUS_UNKNOWN, 0, 0 },
		{ NVML_FIELD_LINK_DL_CRC, 4, NVML_STATUS_NOT_SUPPORTED, 0, 0 },
		{ 4711, 0, NVML_STATUS_NOT_SUPPORTED, 0, 0 },
	};

	(void)state;
	start("machine gb200x4\ngpu 0 recovery_action 1\nlink 0 4 symbol_errors 17\n"
	      "link 0 4 symbol_ber 3e-12\nlink 0 4 fec_15 2\nlink 0 4 recovery_events !999\n",
	      0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nvml_field field = field_of(gpu(0), cases[i].field, cases[i].scope);

		if (field.status != cases[i].status)
			fail_msg("field %u answers %u", field.field, field.status);
		if (field.status != NVML_STATUS_SUCCESS)
			continue;
		assert_int_equal(field.type, cases[i].type);
		assert_int_equal(field.value.unsigned_long_long, cases[i].value);
		assert_true(field.timestamp_us > 1600000000LL * 1000000);
	}
}

static void slices_hide_what_the_whole_gpu_tells(void **state)
{
	struct nvml_device *slice = NULL;
	struct nvml_utilization rates;
	uint32_t numbers[4];
	uint32_t id = 0;
	char uuid[NVML_UUID_SIZE];
	__typeof__(&nvmlDeviceGetMigDeviceHandleByIndex) take_slice =
		PLAY_FUNCTION(library, nvmlDeviceGetMigDeviceHandleByIndex);

	(void)state;
	start("machine h100x8\ngpu 0 mig 1\ngpu 0 mig_slices 2\n", 0);
	assert_int_equal(take_slice(gpu(0), 1, &slice), NVML_STATUS_SUCCESS);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetGpuInstanceId)(slice, &id), 0);
	assert_int_equal(id, 2);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetUUID)(slice, uuid, sizeof(uuid)), 0);
	assert_memory_equal(uuid, "MIG-2-GPU-", 10);
	assert_int_equal(take_slice(gpu(0), 2, &slice), NVML_STATUS_NOT_FOUND);
	assert_int_equal(take_slice(gpu(1), 0, &slice), NVML_STATUS_NOT_FOUND);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetUtilizationRates)(gpu(0), &rates),
			 NVML_STATUS_NOT_SUPPORTED);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetRemappedRows)(
				 gpu(0), &numbers[0], &numbers[1], &numbers[2], &numbers[3]),
			 NVML_STATUS_NOT_SUPPORTED);
}

static void processes_need_room(void **state)
{
	struct nvml_process processes[4];
	struct nvml_process_1 older[4];
	uint32_t count = 1;

	(void)state;
	start("machine h100x8\ngpu 1 process 4711 512\ngpu 1 process 4712 7\n"
	      "gpu 1 process 4713 7 t=100\n",
	      0);
	__typeof__(&nvmlDeviceGetComputeRunningProcesses_v3) list =
		PLAY_FUNCTION(library, nvmlDeviceGetComputeRunningProcesses_v3);
	assert_int_equal(list(gpu(1), &count, processes), NVML_STATUS_INSUFFICIENT_SIZE);
	assert_int_equal(count, 2);
	assert_int_equal(list(gpu(1), &count, processes), NVML_STATUS_SUCCESS);
	assert_int_equal(processes[0].pid, 4711);
	assert_int_equal(processes[1].memory, 7 << 20);
	count = 4;
	assert_int_equal(
		PLAY_FUNCTION(library, nvmlDeviceGetComputeRunningProcesses)(gpu(1), &count, older),
		NVML_STATUS_SUCCESS);
	assert_int_equal(count, 2);
	assert_int_equal(older[1].pid, 4712);
}

static void events_come_when_they_are_due(void **state)
{
	struct nvml_event_set *set = NULL;
	struct nvml_event event;

	(void)state;
	start("machine h100x8\ngpu 3 event 8 31 t=1\ngpu 3 event 1 0 t=10.05\n"
	      "gpu 3 event 8 79 t=10.1\n",
	      10);
	__typeof__(&nvmlEventSetWait_v2) wait = PLAY_FUNCTION(library, nvmlEventSetWait_v2);
	assert_int_equal(PLAY_FUNCTION(library, nvmlEventSetCreate)(&set), NVML_STATUS_SUCCESS);
	assert_int_equal(
		PLAY_FUNCTION(library, nvmlDeviceRegisterEvents)(gpu(3), NVML_EVENT_XID, set),
		NVML_STATUS_SUCCESS);
	assert_int_equal(wait(set, &event, 5000), NVML_STATUS_SUCCESS);
	assert_int_equal(event.type, NVML_EVENT_XID);
	assert_int_equal(event.data, 79);
	assert_ptr_equal(event.device, gpu(3));
	assert_int_equal(wait(set, &event, 10), NVML_STATUS_TIMEOUT);
	assert_int_equal(PLAY_FUNCTION(library, nvmlEventSetFree)(set), NVML_STATUS_SUCCESS);
}

static void gpus_are_found_by_address_and_name(void **state)
{
	struct nvml_device *found = NULL;
	__typeof__(&nvmlDeviceGetHandleByPciBusId_v2) find =
		PLAY_FUNCTION(library, nvmlDeviceGetHandleByPciBusId_v2);

	(void)state;
	start("machine h100x8", 0);
	assert_int_equal(find("00000000:9D:00.0", &found), NVML_STATUS_SUCCESS);
	assert_ptr_equal(found, gpu(4));
	assert_int_equal(find("0000:1b:00.0", &found), NVML_STATUS_SUCCESS);
	assert_ptr_equal(found, gpu(0));
	assert_int_equal(find("0000:1c:00.0", &found), NVML_STATUS_NOT_FOUND);
	assert_int_equal(find("rubbish", &found), NVML_STATUS_NOT_FOUND);
	assert_int_equal(PLAY_FUNCTION(library, nvmlDeviceGetHandleByUUID)(
				 "GPU-5a110000-0000-4000-8000-000000000002", &found),
			 NVML_STATUS_SUCCESS);
	assert_ptr_equal(found, gpu(2));
}

static void an_old_library_lacks_the_newer_functions(void **state)
{
	static const char *const newer[] = {
		"nvmlDeviceGetComputeRunningProcesses_v3",
		"nvmlDeviceGetCurrentClocksEventReasons",
		"nvmlDeviceGetGpuFabricInfo",
		"nvmlDeviceGetMarginTemperature",
		"nvmlDeviceGetMemoryInfo_v2",
		"nvmlDeviceGetTemperatureV",
	};
	void *old = play_open("old/libnvidia-ml.so.1");
	uint32_t gpus;

	(void)state;
	for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); i++) {
		assert_non_null(play_symbol(library, newer[i]));
		assert_null(play_symbol(old, newer[i]));
	}
	assert_null(play_symbol(library, "stand_in_enter"));
	play("machine a100x8", 0);
	assert_int_equal(PLAY_FUNCTION(old, nvmlInit_v2)(), NVML_STATUS_SUCCESS);
	assert_int_equal(PLAY_FUNCTION(old, nvmlDeviceGetCount_v2)(&gpus), NVML_STATUS_SUCCESS);
	assert_int_equal(gpus, 8);
	assert_int_equal(PLAY_FUNCTION(old, nvmlShutdown)(), NVML_STATUS_SUCCESS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_declared_function_is_there),
		cmocka_unit_test_teardown(every_machine_is_whole_and_healthy, shut_library),
		cmocka_unit_test_teardown(a_gpu_vanishes_and_is_not_counted_again, shut_library),
		cmocka_unit_test_teardown(an_error_has_a_call_a_gpu_and_a_time, shut_library),
		cmocka_unit_test_teardown(the_driver_may_be_out_of_order, shut_library),
		cmocka_unit_test_teardown(a_call_stalls_or_crashes, shut_library),
		cmocka_unit_test_teardown(rubbish_is_a_success, shut_library),
		cmocka_unit_test_teardown(values_change_over_time, shut_library),
		cmocka_unit_test_teardown(a_line_that_is_not_understood_is_no_healthy_machine,
					  shut_library),
		cmocka_unit_test_teardown(a_link_that_no_board_has_is_still_capable, shut_library),
		cmocka_unit_test_teardown(a_fabric_may_complete_without_success, shut_library),
		cmocka_unit_test_teardown(fields_answer_each_for_itself, shut_library),
		cmocka_unit_test_teardown(slices_hide_what_the_whole_gpu_tells, shut_library),
		cmocka_unit_test_teardown(processes_need_room, shut_library),
		cmocka_unit_test_teardown(events_come_when_they_are_due, shut_library),
		cmocka_unit_test_teardown(gpus_are_found_by_address_and_name, shut_library),
		cmocka_unit_test(an_old_library_lacks_the_newer_functions),
	};

	return cmocka_run_group_tests_name("nvml", tests, open_library, NULL);
}
