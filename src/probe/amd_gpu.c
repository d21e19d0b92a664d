#include "probe/amd.h"

#include <stdio.h>
#include <string.h>

#include "probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	/* As many as have room in one reply. */
	PROCESSES_MAXIMUM = AMD_SMI_ROOM / (int)sizeof(struct amd_smi_process),
	MODE_SIZE = 64,
};

static const double bytes_of_mb = 1048576;
static const double watts_of_uw = 1e-6;

void *amd_room(struct amd_gpu *gpu)
{
	memset(gpu->room, 0, AMD_SMI_ROOM);
	return gpu->room;
}

static bool is_ones(uint64_t value)
{
	return value == UINT64_MAX || value == UINT32_MAX;
}

void amd_say(struct amd_gpu *gpu, enum measure measure, uint64_t value, double scale)
{
	if (!is_ones(value))
		gpu_say_value(&gpu->told, measure, (double)value * scale);
}

/* A text that the library leaves empty, or fills with "N/A", is not there. */
static void say_text_of(struct amd_gpu *gpu, enum measure measure, const char *text, size_t size)
{
	if (text[0] != '\0' && strncmp(text, "N/A", size) != 0)
		gpu_say_buffer(&gpu->told, measure, text, size);
}

static void ask_chip(struct amd_gpu *gpu)
{
	struct amd_smi_asic asic;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_asic_info, amd_room(gpu));

	memcpy(&asic, gpu->room, sizeof(asic));
	if (!gpu_told(&gpu->told, status, NODE_GPU_NAME))
		return;
	if (gpu->told.shares & PROBE_QUICK)
		gpu_say_buffer(&gpu->told, NODE_GPU_NAME, asic.market_name, AMD_SMI_TEXT);
	if (gpu->told.shares & PROBE_FULL)
		say_text_of(gpu, NODE_GPU_SERIAL, asic.serial, AMD_SMI_TEXT);
}

static void ask_temperatures(struct amd_gpu *gpu)
{
	static const struct {
		uint32_t sensor, metric;
		unsigned share;
		enum measure measure;
	} sensors[] = {
		{ AMD_SMI_SENSOR_JUNCTION, AMD_SMI_TEMPERATURE_CURRENT, PROBE_QUICK | PROBE_HEAT,
		  NODE_GPU_TEMPERATURE },
		{ AMD_SMI_SENSOR_VRAM, AMD_SMI_TEMPERATURE_CURRENT, PROBE_QUICK | PROBE_HEAT,
		  NODE_GPU_TEMPERATURE_MEMORY },
		{ AMD_SMI_SENSOR_JUNCTION, AMD_SMI_TEMPERATURE_CRITICAL, PROBE_QUICK | PROBE_HEAT,
		  NODE_GPU_TEMPERATURE_SLOWDOWN },
	};

	for (size_t i = 0; i < COUNT(sensors); i++) {
		int64_t celsius = 0;

		if (!(sensors[i].share & gpu->told.shares))
			continue;
		uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_temp_metric, sensors[i].sensor,
					      sensors[i].metric, &celsius);
		if (gpu_told(&gpu->told, status, sensors[i].measure) && celsius != INT64_MAX)
			gpu_say_value(&gpu->told, sensors[i].measure, (double)celsius);
	}
}

/* The first fields are the same in all releases. */
static void ask_power(struct amd_gpu *gpu)
{
	struct amd_smi_power_25 power;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_power_info, amd_room(gpu));
	uint64_t watts;

	memcpy(&power, gpu->room, sizeof(power));
	if (!gpu_told(&gpu->told, status, NODE_GPU_POWER))
		return;
	watts = power.socket_w;
	if (is_ones(watts))
		watts = power.current_w;
	if (is_ones(watts))
		watts = power.average_w;
	amd_say(gpu, NODE_GPU_POWER, watts, 1);
}

static void ask_limits(struct amd_gpu *gpu)
{
	struct amd_smi_power_cap cap;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_power_cap_info, 0, amd_room(gpu));

	memcpy(&cap, gpu->room, sizeof(cap));
	if (gpu_told(&gpu->told, status, NODE_GPU_POWER_LIMIT)) {
		amd_say(gpu, NODE_GPU_POWER_LIMIT, cap.cap_uw, watts_of_uw);
		amd_say(gpu, NODE_GPU_POWER_LIMIT_DEFAULT, cap.default_cap_uw, watts_of_uw);
	}
}

static void ask_clock(struct amd_gpu *gpu)
{
	struct amd_smi_clock clock;
	uint32_t status =
		AMD_SMI_ASK(gpu, amdsmi_get_clock_info, AMD_SMI_CLOCK_GRAPHICS, amd_room(gpu));

	memcpy(&clock, gpu->room, sizeof(clock));
	if (gpu_told(&gpu->told, status, NODE_GPU_CLOCK)) {
		amd_say(gpu, NODE_GPU_CLOCK, clock.mhz, 1);
		amd_say(gpu, NODE_GPU_CLOCK_MAXIMUM, clock.maximum_mhz, 1);
	}
}

static void ask_utilisation(struct amd_gpu *gpu)
{
	struct amd_smi_activity activity;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_activity, amd_room(gpu));

	memcpy(&activity, gpu->room, sizeof(activity));
	if (gpu_told(&gpu->told, status, NODE_GPU_UTILISATION))
		amd_say(gpu, NODE_GPU_UTILISATION, activity.graphics, 1);
}

/* What holds the clock down at this moment; false when a flag is neither on, off nor all ones. */
static bool read_reasons(const struct amd_smi_violation *violation, struct text *state,
			 unsigned *ret_told)
{
	/* The chip, its regulators and its memory get too hot each on its own. */
	const struct {
		uint8_t active;
		const char *word;
	} reasons[] = {
		{ violation->active.power, "sw-power" },
		{ violation->active.prochot, "hw-slowdown" },
		{ violation->active.socket, "hw-thermal" },
		{ violation->active.regulator, "hw-thermal" },
		{ violation->active.memory, "hw-thermal" },
	};
	const char *last = "";
	unsigned told = 0;

	for (size_t i = 0; i < COUNT(reasons); i++) {
		if (reasons[i].active == UINT8_MAX)
			continue;
		if (reasons[i].active > 1)
			return false;
		told++;
		if (!reasons[i].active || strcmp(last, reasons[i].word) == 0)
			continue;
		last = reasons[i].word;
		text_format(state, "%s%s", state->length > 0 ? "+" : "", last);
	}
	*ret_told = told;
	return true;
}

/* The library counts samples of the past, whose length it does not tell: no time is made of them.
 */
static void ask_throttle(struct amd_gpu *gpu)
{
	struct amd_smi_violation violation;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_violation_status, amd_room(gpu));
	unsigned told = 0;

	memcpy(&violation, gpu->room, sizeof(violation));
	if (!gpu_told(&gpu->told, status, NODE_GPU_THROTTLE))
		return;
	SCOPED_TEXT(state);
	if (!read_reasons(&violation, &state, &told))
		gpu_say_rubbish(&gpu->told, NODE_GPU_THROTTLE, violation.active.power);
	else if (told > 0)
		gpu_say_state(&gpu->told, NODE_GPU_THROTTLE,
			      state.length > 0 ? text_string(&state) : "none");
}

static void ask_partition(struct amd_gpu *gpu)
{
	char compute[MODE_SIZE] = "", memory[MODE_SIZE] = "", both[2 * MODE_SIZE] = "";
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_compute_partition, compute, MODE_SIZE);

	if (!gpu_told(&gpu->told, status, NODE_GPU_PARTITION))
		return;
	status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_memory_partition, memory, MODE_SIZE);
	if (!gpu_told(&gpu->told, status, NODE_GPU_PARTITION))
		return;
	if (!memchr(compute, '\0', MODE_SIZE) || !memchr(memory, '\0', MODE_SIZE)) {
		gpu_say_rubbish(&gpu->told, NODE_GPU_PARTITION, (uint8_t)compute[0]);
		return;
	}
	(void)snprintf(both, sizeof(both), "%s/%s", compute, memory);
	gpu_say_buffer(&gpu->told, NODE_GPU_PARTITION, both, sizeof(both));
}

static void ask_processes(struct amd_gpu *gpu)
{
	uint32_t count = 0;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_process_list, &count, NULL);

	if (!gpu_told(&gpu->told, status, NODE_GPU_PROCESSES))
		return;
	gpu_say_u32(&gpu->told, NODE_GPU_PROCESSES, count, 1);
	if (count == 0 || count > PROCESSES_MAXIMUM || !(gpu->told.shares & PROBE_FULL))
		return;
	status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_process_list, &count, amd_room(gpu));
	if (status != AMD_SMI_SUCCESS)
		return;
	for (uint32_t i = 0; i < count && i < PROCESSES_MAXIMUM; i++) {
		struct amd_smi_process process;

		memcpy(&process, (const char *)gpu->room + i * sizeof(process), sizeof(process));
		(void)snprintf(gpu->told.part, VENDOR_NAME_SIZE, "%.24s/pid:%u", gpu->told.name,
			       process.pid);
		amd_say(gpu, NODE_GPU_PROCESS_MEMORY, process.memory, 1);
	}
	memcpy(gpu->told.part, gpu->told.name, VENDOR_NAME_SIZE);
}

static void ask_identity(struct amd_gpu *gpu)
{
	char uuid[AMD_SMI_UUID_SIZE + 1] = "";
	uint32_t length = AMD_SMI_UUID_SIZE;
	size_t version_at = gpu->major < 26 ? offsetof(struct amd_smi_vbios_25, version)
					    : offsetof(struct amd_smi_vbios_26, version);
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_device_uuid, &length, uuid);

	if (gpu_told(&gpu->told, status, NODE_GPU_UUID))
		say_text_of(gpu, NODE_GPU_UUID, uuid, AMD_SMI_UUID_SIZE);
	status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_vbios_info, amd_room(gpu));
	if (gpu_told(&gpu->told, status, NODE_GPU_VBIOS))
		say_text_of(gpu, NODE_GPU_VBIOS, (const char *)gpu->room + version_at,
			    AMD_SMI_TEXT);
}

static void ask_memory(struct amd_gpu *gpu)
{
	struct amd_smi_vram_usage usage;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_vram_usage, amd_room(gpu));

	memcpy(&usage, gpu->room, sizeof(usage));
	if (!gpu_told(&gpu->told, status, NODE_GPU_MEMORY_TOTAL))
		return;
	amd_say(gpu, NODE_GPU_MEMORY_TOTAL, usage.total_mb, bytes_of_mb);
	if (usage.used_mb > usage.total_mb)
		gpu_say_rubbish(&gpu->told, NODE_GPU_MEMORY_USED, usage.used_mb);
	else
		amd_say(gpu, NODE_GPU_MEMORY_USED, usage.used_mb, bytes_of_mb);
}

/* In the order of how much they tell: what a stall cuts off is the least. */
static const struct {
	unsigned shares;
	void (*ask)(struct amd_gpu *gpu);
} questions[] = {
	{ PROBE_QUICK | PROBE_FULL, ask_chip },
	{ PROBE_QUICK | PROBE_COUNTERS, amd_ask_errors },
	{ PROBE_QUICK | PROBE_FULL | PROBE_HEAT, ask_temperatures },
	{ PROBE_QUICK | PROBE_HEAT, ask_power },
	{ PROBE_QUICK | PROBE_HEAT, ask_throttle },
	{ PROBE_QUICK, ask_utilisation },
	{ PROBE_QUICK, ask_partition },
	{ PROBE_QUICK, ask_memory },
	{ PROBE_QUICK | PROBE_FULL, ask_processes },
	{ PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS, amd_ask_links },
	{ PROBE_FULL, ask_identity },
	{ PROBE_FULL, ask_limits },
	{ PROBE_FULL | PROBE_HEAT, ask_clock },
	{ PROBE_FULL, amd_ask_records },
};

void amd_ask_gpu(struct amd_gpu *gpu)
{
	for (size_t i = 0; i < COUNT(questions) && !gpu->told.is_gone; i++)
		if (questions[i].shares & gpu->told.shares)
			questions[i].ask(gpu);
}
