/* Stand-in for libamd_smi.so, in the layout of the release that the scenario names: 25, or 26 with
 * its links of 48 bytes in 26.2. */
#include "amd_smi_stand_in.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MICRO = 1000000,
};

struct amd_smi_stand_in stand_in;

static const double mib = 1048576;

/* How every function begins. False when `ret_status` is the whole answer. */
static bool enter(const char *call, const struct amd_smi_gpu *gpu, void *out, size_t size,
		  uint32_t *ret_status)
{
	int number = gpu ? gpu->number : SCENARIO_SYSTEM;

	*ret_status = AMD_SMI_NOT_INITIALIZED;
	if (stand_in.users == 0)
		return false;
	*ret_status = AMD_SMI_INVALID;
	if (!out)
		return false;
	/* What the driver shows of a GPU that is gone is no longer there. */
	*ret_status = AMD_SMI_FILE_ERROR;
	if (gpu && scenario_vanished(&stand_in.scenario, number))
		return false;
	switch (scenario_fault(&stand_in.scenario, number, call, ret_status)) {
	case SCENARIO_FAULT_ERROR:
		return false;
	case SCENARIO_RUBBISH:
		*ret_status = AMD_SMI_SUCCESS;
		scenario_rubbish(out, size);
		return false;
	case SCENARIO_NO_FAULT:
		break;
	}
	*ret_status = AMD_SMI_SUCCESS;
	return true;
}

/* The same for functions of one GPU. */
bool stand_in_enter(const char *call, const struct amd_smi_gpu *gpu, void *out, size_t size,
		    uint32_t *ret_status)
{
	const struct amd_smi_gpu *end = stand_in.gpus + SCENARIO_GPUS_MAXIMUM;

	if (stand_in.users > 0 && (gpu < stand_in.gpus || gpu >= end)) {
		*ret_status = AMD_SMI_INVALID;
		return false;
	}
	return enter(call, stand_in.users > 0 ? gpu : NULL, out, size, ret_status);
}

static uint32_t status_of(enum scenario_answer answer, unsigned error)
{
	switch (answer) {
	case SCENARIO_ABSENT:
		return AMD_SMI_NOT_SUPPORTED;
	case SCENARIO_ERROR:
		return error;
	case SCENARIO_VALUE:
		break;
	}
	return AMD_SMI_SUCCESS;
}

uint32_t stand_in_number(const struct amd_smi_gpu *gpu, const char *key, double *ret_number)
{
	unsigned error = 0;
	enum scenario_answer answer = scenario_number(&stand_in.scenario, gpu->number,
						      SCENARIO_NO_LINK, key, ret_number, &error);

	return status_of(answer, error);
}

/* What is not known is all ones, of 32 bits at least. */
uint64_t stand_in_number_or_ones(const struct amd_smi_gpu *gpu, const char *key, double scale)
{
	double number;

	return stand_in_number(gpu, key, &number) == AMD_SMI_SUCCESS
		       ? (uint64_t)llround(number * scale)
		       : STAND_IN_UNKNOWN;
}

uint64_t stand_in_number_or_0(const struct amd_smi_gpu *gpu, const char *key)
{
	double number;

	return stand_in_number(gpu, key, &number) == AMD_SMI_SUCCESS ? (uint64_t)llround(number)
								     : 0;
}

/* Empty when the scenario has none. */
static void copy_text(int gpu, const char *key, char *out, size_t size)
{
	char text[SCENARIO_TEXT_SIZE] = "";
	unsigned error;

	(void)scenario_text(&stand_in.scenario, gpu, key, text, &error);
	(void)snprintf(out, size, "%s", text);
}

static void read_release(void)
{
	char text[SCENARIO_TEXT_SIZE];
	char *end;

	copy_text(SCENARIO_SYSTEM, "library", text, sizeof(text));
	stand_in.major = (unsigned)strtod(text, &end);
	stand_in.minor = 0;
	char *dot = strchr(text, '.');
	if (dot && dot[1] >= '0' && dot[1] <= '9')
		stand_in.minor = (unsigned)(dot[1] - '0');
}

uint32_t amdsmi_init(uint64_t flags)
{
	char vendor[SCENARIO_TEXT_SIZE];
	unsigned error;

	if ((flags & AMD_SMI_INIT_GPUS) == 0)
		return AMD_SMI_INVALID;
	if (stand_in.users > 0) {
		stand_in.users++;
		return AMD_SMI_SUCCESS;
	}
	if (!getenv("ASSAY_SCENARIO"))
		return AMD_SMI_DRIVER_NOT_LOADED;
	if (!scenario_load(&stand_in.scenario)) {
		(void)fprintf(stderr, "scenario: %s\n", stand_in.scenario.complaint);
		return AMD_SMI_UNKNOWN_ERROR;
	}
	copy_text(SCENARIO_SYSTEM, "vendor", vendor, sizeof(vendor));
	if (strcmp(vendor, "amd") != 0)
		return AMD_SMI_DRIVER_NOT_LOADED;
	if (scenario_fault(&stand_in.scenario, SCENARIO_SYSTEM, __func__, &error) ==
	    SCENARIO_FAULT_ERROR)
		return error;
	read_release();
	double gpus = 0;
	(void)scenario_number(&stand_in.scenario, SCENARIO_SYSTEM, SCENARIO_NO_LINK, "gpus", &gpus,
			      &error);
	stand_in.count = 0;
	for (int gpu = 0; gpu < (int)gpus && gpu < SCENARIO_GPUS_MAXIMUM; gpu++) {
		stand_in.gpus[gpu].number = gpu;
		if (!scenario_vanished(&stand_in.scenario, gpu))
			stand_in.shown[stand_in.count++] = &stand_in.gpus[gpu];
	}
	stand_in.users = 1;
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_shut_down(void)
{
	if (stand_in.users == 0)
		return AMD_SMI_NOT_INITIALIZED;
	stand_in.users--;
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_lib_version(void *version)
{
	static const char build[] = "stand-in";
	struct amd_smi_version_25 older = { 25, 25, stand_in.minor, 0, build };
	struct amd_smi_version_26 newer = { stand_in.major, stand_in.minor, 0, build };
	uint32_t status;

	if (enter(__func__, NULL, version, sizeof(newer), &status))
		memcpy(version, stand_in.major < 26 ? (void *)&older : (void *)&newer,
		       sizeof(newer));
	return status;
}

uint32_t amdsmi_status_code_to_string(uint32_t status, const char **text)
{
	if (!text)
		return AMD_SMI_INVALID;
	*text = status == AMD_SMI_SUCCESS             ? "Success"
		: status == AMD_SMI_NOT_SUPPORTED     ? "Feature not supported"
		: status == AMD_SMI_NO_PERMISSION     ? "Permission denied"
		: status == AMD_SMI_DRIVER_NOT_LOADED ? "Driver not loaded"
						      : "An unknown error occurred";
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_socket_handles(uint32_t *count, struct amd_smi_socket **sockets)
{
	uint32_t status;

	if (!enter(__func__, NULL, count, sizeof(*count), &status))
		return status;
	if (!sockets) {
		*count = stand_in.count;
		return AMD_SMI_SUCCESS;
	}
	if (*count > stand_in.count)
		*count = stand_in.count;
	for (uint32_t i = 0; i < *count; i++)
		sockets[i] = (struct amd_smi_socket *)(void *)&stand_in.shown[i];
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_processor_handles(struct amd_smi_socket *socket, uint32_t *count,
				      struct amd_smi_gpu **processors)
{
	struct amd_smi_gpu **gpu = (void *)socket;
	uint32_t status;

	if (!enter(__func__, NULL, count, sizeof(*count), &status))
		return status;
	if (gpu < stand_in.shown || gpu >= stand_in.shown + stand_in.count)
		return AMD_SMI_INVALID;
	if (processors && *count > 0)
		processors[0] = *gpu;
	*count = 1;
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_processor_type(struct amd_smi_gpu *processor, uint32_t *type)
{
	uint32_t status;

	if (stand_in_enter(__func__, processor, type, sizeof(*type), &status))
		*type = 1;
	return status;
}

/* One hexadecimal number up to `end`. */
static uint64_t take_hex(const char **at, char end)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t number = 0;

	for (; **at != '\0' && **at != end; (*at)++) {
		const char *digit = strchr(digits, **at);
		number = number << 4 | (uint64_t)(digit ? digit - digits : 0);
	}
	*at += **at != '\0';
	return number;
}

uint64_t stand_in_address(int gpu)
{
	char text[SCENARIO_TEXT_SIZE];
	const char *at = text;

	copy_text(gpu, "pci", text, sizeof(text));
	uint64_t domain = take_hex(&at, ':');
	uint64_t bus = take_hex(&at, ':');
	uint64_t device = take_hex(&at, '.');
	return domain << AMD_SMI_BDF_DOMAIN_SHIFT | bus << AMD_SMI_BDF_BUS_SHIFT |
	       device << AMD_SMI_BDF_DEVICE_SHIFT | take_hex(&at, '\0');
}

uint32_t amdsmi_get_gpu_device_bdf(struct amd_smi_gpu *gpu, uint64_t *bdf)
{
	uint32_t status;

	if (stand_in_enter(__func__, gpu, bdf, sizeof(*bdf), &status))
		*bdf = stand_in_address(gpu->number);
	return status;
}

uint32_t amdsmi_get_gpu_device_uuid(struct amd_smi_gpu *gpu, uint32_t *length, char *uuid)
{
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, uuid, length ? *length : 0, &status))
		return status;
	if (!length || *length < AMD_SMI_UUID_SIZE)
		return AMD_SMI_INVALID;
	copy_text(gpu->number, "uuid", uuid, *length);
	*length = AMD_SMI_UUID_SIZE;
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_gpu_asic_info(struct amd_smi_gpu *gpu, struct amd_smi_asic *asic)
{
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, asic, sizeof(*asic), &status))
		return status;
	*asic = (struct amd_smi_asic){
		.vendor_id = 0x1002,
		.subvendor_id = 0x1002,
		.device_id = stand_in_number_or_0(gpu, "pci_device"),
		.revision = (uint32_t)stand_in_number_or_0(gpu, "revision"),
		.oam_id = (uint32_t)stand_in_number_or_ones(gpu, "module", 1),
		.compute_units = (uint32_t)stand_in_number_or_ones(gpu, "compute_units", 1),
		.target = stand_in_number_or_ones(gpu, "target", 1),
		.subsystem_id = stand_in.major < 26
					? 0
					: (uint32_t)stand_in_number_or_0(gpu, "pci_subsystem"),
	};
	copy_text(gpu->number, "name", asic->market_name, sizeof(asic->market_name));
	copy_text(gpu->number, "maker", asic->vendor_name, sizeof(asic->vendor_name));
	copy_text(gpu->number, "serial", asic->serial, sizeof(asic->serial));
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_gpu_board_info(struct amd_smi_gpu *gpu, struct amd_smi_board *board)
{
	size_t size = stand_in.major < 26 ? AMD_SMI_BOARD_25_SIZE : sizeof(*board);
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, board, size, &status))
		return status;
	memset(board, 0, size);
	copy_text(gpu->number, "part_number", board->model_number, sizeof(board->model_number));
	copy_text(gpu->number, "serial", board->product_serial, sizeof(board->product_serial));
	copy_text(gpu->number, "board", board->product_name, sizeof(board->product_name));
	copy_text(gpu->number, "maker", board->manufacturer, sizeof(board->manufacturer));
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_gpu_driver_info(struct amd_smi_gpu *gpu, struct amd_smi_driver *driver)
{
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, driver, sizeof(*driver), &status))
		return status;
	*driver = (struct amd_smi_driver){ .name = "amdgpu" };
	copy_text(SCENARIO_SYSTEM, "driver", driver->version, sizeof(driver->version));
	copy_text(SCENARIO_SYSTEM, "driver_date", driver->date, sizeof(driver->date));
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_gpu_vbios_info(struct amd_smi_gpu *gpu, void *vbios)
{
	struct amd_smi_vbios_25 older = { .name = "" };
	struct amd_smi_vbios_26 newer = { .name = "" };
	bool old = stand_in.major < 26;
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, vbios, old ? sizeof(older) : sizeof(newer), &status))
		return status;
	copy_text(gpu->number, "board", older.name, sizeof(older.name));
	copy_text(gpu->number, "board", newer.name, sizeof(newer.name));
	copy_text(gpu->number, "vbios", older.version, sizeof(older.version));
	copy_text(gpu->number, "vbios_date", older.build_date, sizeof(older.build_date));
	copy_text(gpu->number, "vbios", newer.version, sizeof(newer.version));
	copy_text(gpu->number, "vbios_date", newer.build_date, sizeof(newer.build_date));
	memcpy(vbios, old ? (void *)&older : (void *)&newer, old ? sizeof(older) : sizeof(newer));
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_gpu_vram_info(struct amd_smi_gpu *gpu, void *vram)
{
	bool old = stand_in.major < 26;
	struct amd_smi_vram_25 older = { .vendor = 5 }; /* Hynix */
	struct amd_smi_vram_26 newer = { .type = 0 };
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, vram, old ? sizeof(older) : sizeof(newer), &status))
		return status;
	older.type = newer.type = (uint32_t)stand_in_number_or_0(gpu, "memory_type");
	older.size_mb = newer.size_mb = stand_in_number_or_ones(gpu, "memory", 1);
	older.bit_width = newer.bit_width =
		(uint32_t)stand_in_number_or_ones(gpu, "memory_width", 1);
	older.bandwidth_gb_per_s = newer.bandwidth_gb_per_s =
		stand_in_number_or_ones(gpu, "memory_bandwidth", 1);
	copy_text(gpu->number, "memory_maker", newer.vendor, sizeof(newer.vendor));
	memcpy(vram, old ? (void *)&older : (void *)&newer, old ? sizeof(older) : sizeof(newer));
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_gpu_vram_usage(struct amd_smi_gpu *gpu, struct amd_smi_vram_usage *usage)
{
	uint32_t status;

	if (stand_in_enter(__func__, gpu, usage, sizeof(*usage), &status))
		*usage = (struct amd_smi_vram_usage){
			.total_mb = (uint32_t)stand_in_number_or_0(gpu, "memory"),
			.used_mb = (uint32_t)stand_in_number_or_0(gpu, "memory_used"),
		};
	return status;
}

static uint32_t give_mode(const char *call, const struct amd_smi_gpu *gpu, const char *key,
			  char *mode, uint32_t length)
{
	char text[SCENARIO_TEXT_SIZE];
	unsigned error = 0;
	uint32_t status;

	if (!stand_in_enter(call, gpu, mode, length, &status))
		return status;
	status =
		status_of(scenario_text(&stand_in.scenario, gpu->number, key, text, &error), error);
	if (status == AMD_SMI_SUCCESS && strlen(text) >= length)
		status = AMD_SMI_INSUFFICIENT_SIZE;
	if (status == AMD_SMI_SUCCESS)
		memcpy(mode, text, strlen(text) + 1);
	return status;
}

uint32_t amdsmi_get_gpu_compute_partition(struct amd_smi_gpu *gpu, char *mode, uint32_t length)
{
	return give_mode(__func__, gpu, "compute_partition", mode, length);
}

uint32_t amdsmi_get_gpu_memory_partition(struct amd_smi_gpu *gpu, char *mode, uint32_t length)
{
	return give_mode(__func__, gpu, "memory_partition", mode, length);
}

static uint32_t give(const char *call, const struct amd_smi_gpu *gpu, const char *key,
		     uint32_t *out)
{
	uint32_t status;
	double number;

	if (!stand_in_enter(call, gpu, out, sizeof(*out), &status))
		return status;
	status = stand_in_number(gpu, key, &number);
	if (status == AMD_SMI_SUCCESS)
		*out = (uint32_t)number;
	return status;
}

uint32_t amdsmi_topo_get_numa_node_number(struct amd_smi_gpu *gpu, uint32_t *node)
{
	return give(__func__, gpu, "numa", node);
}

uint32_t amdsmi_get_power_info(struct amd_smi_gpu *gpu, void *power)
{
	bool old = stand_in.major < 26;
	struct amd_smi_power_25 older = { .gfx_mv = STAND_IN_UNKNOWN, .soc_mv = STAND_IN_UNKNOWN };
	struct amd_smi_power_26 newer = { .gfx_mv = STAND_IN_UNKNOWN, .soc_mv = STAND_IN_UNKNOWN };
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, power, old ? sizeof(older) : sizeof(newer), &status))
		return status;
	older.memory_mv = STAND_IN_UNKNOWN;
	newer.memory_mv = STAND_IN_UNKNOWN;
	older.average_w = newer.average_w = STAND_IN_UNKNOWN;
	older.current_w = newer.current_w = (uint32_t)stand_in_number_or_ones(gpu, "power", 1);
	older.socket_w = newer.socket_w = stand_in_number_or_ones(gpu, "power", 1);
	older.limit_uw = newer.limit_uw =
		(uint32_t)stand_in_number_or_ones(gpu, "power_limit", MICRO);
	memcpy(power, old ? (void *)&older : (void *)&newer, old ? sizeof(older) : sizeof(newer));
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_power_cap_info(struct amd_smi_gpu *gpu, uint32_t sensor,
				   struct amd_smi_power_cap *cap)
{
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, cap, sizeof(*cap), &status))
		return status;
	if (sensor != 0)
		return AMD_SMI_INVALID;
	*cap = (struct amd_smi_power_cap){
		.cap_uw = stand_in_number_or_ones(gpu, "power_limit", MICRO),
		.default_cap_uw = stand_in_number_or_ones(gpu, "power_default", MICRO),
		.minimum_uw = stand_in_number_or_ones(gpu, "power_minimum", MICRO),
		.maximum_uw = stand_in_number_or_ones(gpu, "power_maximum", MICRO),
	};
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_temp_metric(struct amd_smi_gpu *gpu, uint32_t sensor, uint32_t metric,
				int64_t *celsius)
{
	const char *key = NULL;
	uint32_t status;
	double number;

	if (!stand_in_enter(__func__, gpu, celsius, sizeof(*celsius), &status))
		return status;
	if (sensor == AMD_SMI_SENSOR_JUNCTION)
		key = metric == AMD_SMI_TEMPERATURE_CURRENT     ? "temperature"
		      : metric == AMD_SMI_TEMPERATURE_CRITICAL  ? "threshold_slowdown"
		      : metric == AMD_SMI_TEMPERATURE_EMERGENCY ? "threshold_shutdown"
								: NULL;
	else if (sensor == AMD_SMI_SENSOR_VRAM)
		key = metric == AMD_SMI_TEMPERATURE_CURRENT    ? "memory_temperature"
		      : metric == AMD_SMI_TEMPERATURE_CRITICAL ? "threshold_memory"
							       : NULL;
	if (!key)
		return AMD_SMI_NOT_SUPPORTED;
	status = stand_in_number(gpu, key, &number);
	if (status == AMD_SMI_SUCCESS)
		*celsius = llround(number);
	return status;
}

uint32_t amdsmi_get_gpu_activity(struct amd_smi_gpu *gpu, struct amd_smi_activity *activity)
{
	uint32_t status;

	if (stand_in_enter(__func__, gpu, activity, sizeof(*activity), &status))
		*activity = (struct amd_smi_activity){
			.graphics = (uint32_t)stand_in_number_or_ones(gpu, "utilization", 1),
			.memory = (uint32_t)stand_in_number_or_ones(gpu, "memory_utilization", 1),
			.media = STAND_IN_UNKNOWN,
		};
	return status;
}

uint32_t amdsmi_get_clock_info(struct amd_smi_gpu *gpu, uint32_t type, struct amd_smi_clock *clock)
{
	bool memory = type == AMD_SMI_CLOCK_MEMORY;
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, clock, sizeof(*clock), &status))
		return status;
	if (type != AMD_SMI_CLOCK_GRAPHICS && !memory)
		return AMD_SMI_NOT_SUPPORTED;
	*clock = (struct amd_smi_clock){
		.mhz = (uint32_t)stand_in_number_or_ones(gpu, memory ? "clock_memory" : "clock_sm",
							 1),
		.minimum_mhz = STAND_IN_UNKNOWN,
		.maximum_mhz = (uint32_t)stand_in_number_or_ones(
			gpu, memory ? "clock_memory_maximum" : "clock_sm_maximum", 1),
	};
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_violation_status(struct amd_smi_gpu *gpu, void *violation)
{
	size_t size = stand_in.major < 26 ? AMD_SMI_VIOLATION_25_SIZE : AMD_SMI_VIOLATION_26_SIZE;
	struct amd_smi_violation start = { .reference_us = 0 };
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, violation, size, &status))
		return status;
	start.reference_us =
		(uint64_t)((stand_in.scenario.epoch + scenario_now(&stand_in.scenario)) * 1e6);
	start.samples = (uint64_t)(fmax(scenario_now(&stand_in.scenario), 0) * 1000);
	start.accumulated = (struct amd_smi_throttle){
		.prochot = stand_in_number_or_ones(gpu, "violation_prochot", 1),
		.power = stand_in_number_or_ones(gpu, "violation_power", 1),
		.socket = stand_in_number_or_ones(gpu, "violation_thermal", 1),
		.regulator = stand_in_number_or_ones(gpu, "violation_regulator", 1),
		.memory = stand_in_number_or_ones(gpu, "violation_memory", 1),
	};
	memset(violation, 0, size);
	memcpy(violation, &start, sizeof(start));
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_gpu_process_list(struct amd_smi_gpu *gpu, uint32_t *count,
				     struct amd_smi_process *processes)
{
	const struct scenario_line *line;
	uint32_t room;
	uint32_t found = 0;
	uint32_t status;
	double words[2];

	if (!stand_in_enter(__func__, gpu, count, sizeof(*count), &status))
		return status;
	room = processes ? *count : 0;
	for (unsigned i = 0; (line = scenario_nth(&stand_in.scenario, gpu->number, "process", i));
	     i++) {
		if (!scenario_holds(&stand_in.scenario, line) ||
		    !scenario_word(line->value, 0, &words[0]) ||
		    !scenario_word(line->value, 1, &words[1]))
			continue;
		if (found < room)
			processes[found] = (struct amd_smi_process){
				.name = "N/A",
				.pid = (uint32_t)words[0],
				.memory = (uint64_t)(words[1] * mib),
				.vram = (uint64_t)(words[1] * mib),
			};
		found++;
	}
	*count = found;
	return found > room && room > 0 ? AMD_SMI_OUT_OF_RESOURCES : AMD_SMI_SUCCESS;
}
