/* Stand-in for libnvidia-ml.so.1: NVLink, the fabric behind it, fields and events. */
#include "nvml_stand_in.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	LINKS_CLAIMED = 18, /* that the capability query knows of, whatever the board has */
	MILLI = 1000,
	WAIT_STEP_MS = 5,
};

/* Is this a link of the board? */
static uint32_t check_link(const struct nvml_device *device, uint32_t link)
{
	double count;
	uint32_t status = stand_in_number(device, SCENARIO_NO_LINK, "link_count", &count);

	if (status != NVML_STATUS_SUCCESS)
		return status;
	return link < count ? NVML_STATUS_SUCCESS : NVML_STATUS_INVALID_ARGUMENT;
}

/* A link of the board is up unless a line says otherwise. */
static uint32_t read_state(const struct nvml_device *device, uint32_t link, double *ret_state)
{
	uint32_t status = check_link(device, link);

	if (status != NVML_STATUS_SUCCESS)
		return status;
	status = stand_in_number(device, (int)link, "state", ret_state);
	if (status == NVML_STATUS_NOT_SUPPORTED) {
		*ret_state = 1;
		return NVML_STATUS_SUCCESS;
	}
	return status;
}

uint32_t nvmlDeviceGetNvLinkState(struct nvml_device *device, uint32_t link, uint32_t *active)
{
	uint32_t status;
	double state;

	if (!stand_in_enter(__func__, device, active, sizeof(*active), &status))
		return status;
	status = read_state(device, link, &state);
	if (status == NVML_STATUS_SUCCESS)
		*active = (uint32_t)state;
	return status;
}

uint32_t nvmlDeviceGetNvLinkVersion(struct nvml_device *device, uint32_t link, uint32_t *version)
{
	uint32_t status = stand_in_give(__func__, device, "link_version", 1, version);

	return status == NVML_STATUS_SUCCESS ? check_link(device, link) : status;
}

uint32_t nvmlDeviceGetNvLinkCapability(struct nvml_device *device, uint32_t link,
				       uint32_t capability, uint32_t *has)
{
	uint32_t status;
	double count;

	if (!stand_in_enter(__func__, device, has, sizeof(*has), &status))
		return status;
	status = stand_in_number(device, SCENARIO_NO_LINK, "link_count", &count);
	if (status != NVML_STATUS_SUCCESS)
		return status;
	if (link >= LINKS_CLAIMED || capability > NVML_LINK_VALID)
		return NVML_STATUS_INVALID_ARGUMENT;
	*has = capability != NVML_LINK_SLI;
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetNvLinkErrorCounter(struct nvml_device *device, uint32_t link,
					 uint32_t counter, uint64_t *count)
{
	static const char *const keys[] = {
		[NVML_LINK_REPLAY] = "replay",     [NVML_LINK_RECOVERY] = "recovery",
		[NVML_LINK_CRC_FLIT] = "crc",      [NVML_LINK_CRC_DATA] = "crc_data",
		[NVML_LINK_ECC_DATA] = "ecc_data",
	};
	uint32_t status;
	double number;

	if (!stand_in_enter(__func__, device, count, sizeof(*count), &status))
		return status;
	status = check_link(device, link);
	if (status != NVML_STATUS_SUCCESS)
		return status;
	if (counter >= sizeof(keys) / sizeof(keys[0]))
		return NVML_STATUS_INVALID_ARGUMENT;
	status = stand_in_number(device, (int)link, keys[counter], &number);
	if (status == NVML_STATUS_SUCCESS)
		*count = (uint64_t)number;
	return status;
}

/* A switch, unless `link N M remote` names the other end. */
uint32_t nvmlDeviceGetNvLinkRemotePciInfo_v2(struct nvml_device *device, uint32_t link,
					     struct nvml_pci *pci)
{
	uint32_t status;
	char text[SCENARIO_TEXT_SIZE];

	if (!stand_in_enter(__func__, device, pci, sizeof(*pci), &status))
		return status;
	status = check_link(device, link);
	if (status != NVML_STATUS_SUCCESS)
		return status;
	for (unsigned i = stand_in.scenario.count; i > 0; i--) {
		const struct scenario_line *line = &stand_in.scenario.lines[i - 1];

		if (strcmp(line->key, "remote") != 0 || device->gpu < line->target.gpu_first ||
		    device->gpu > line->target.gpu_last || (int)link < line->target.link_first ||
		    (int)link > line->target.link_last || !scenario_holds(&stand_in.scenario, line))
			continue;
		(void)snprintf(text, sizeof(text), "%s", line->value);
		return stand_in_pci(text, pci) ? NVML_STATUS_SUCCESS : NVML_STATUS_NOT_SUPPORTED;
	}
	return NVML_STATUS_NOT_SUPPORTED;
}

/* 32 hexadecimal digits; hyphens between them do not count. */
static void read_cluster(const char *text, uint8_t cluster[static NVML_CLUSTER_ID_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned nibble = 0;

	memset(cluster, 0, NVML_CLUSTER_ID_SIZE);
	for (; *text != '\0' && nibble < 2 * NVML_CLUSTER_ID_SIZE; text++) {
		const char *digit = strchr(digits, *text);

		if (!digit)
			continue;
		cluster[nibble / 2] =
			(uint8_t)(cluster[nibble / 2] << 4 | (uint8_t)(digit - digits));
		nibble++;
	}
}

static uint32_t read_fabric(const struct nvml_device *device, struct nvml_fabric_3 *ret_fabric)
{
	char text[SCENARIO_TEXT_SIZE] = "";
	unsigned error;
	double state;
	uint32_t status = stand_in_number(device, SCENARIO_NO_LINK, "fabric_state", &state);

	if (status != NVML_STATUS_SUCCESS)
		return status;
	(void)scenario_text(&stand_in.scenario, device->gpu, "fabric_cluster", text, &error);
	read_cluster(text, ret_fabric->cluster_id);
	ret_fabric->state = (uint8_t)state;
	ret_fabric->status =
		(uint32_t)stand_in_number_or_0(device, SCENARIO_NO_LINK, "fabric_status");
	ret_fabric->clique_id =
		(uint32_t)stand_in_number_or_0(device, SCENARIO_NO_LINK, "fabric_clique");
	ret_fabric->health_mask =
		(uint32_t)stand_in_number_or_0(device, SCENARIO_NO_LINK, "fabric_health");
	ret_fabric->health_summary =
		(uint8_t)stand_in_number_or_0(device, SCENARIO_NO_LINK, "fabric_summary");
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetGpuFabricInfo(struct nvml_device *device, struct nvml_fabric *fabric)
{
	struct nvml_fabric_3 whole = { 0 };
	uint32_t status;

	if (!stand_in_enter(__func__, device, fabric, sizeof(*fabric), &status))
		return status;
	status = read_fabric(device, &whole);
	if (status != NVML_STATUS_SUCCESS)
		return status;
	*fabric = (struct nvml_fabric){ .status = whole.status,
					.clique_id = whole.clique_id,
					.state = whole.state };
	memcpy(fabric->cluster_id, whole.cluster_id, sizeof(fabric->cluster_id));
	return NVML_STATUS_SUCCESS;
}

uint32_t nvmlDeviceGetGpuFabricInfoV(struct nvml_device *device, void *fabric)
{
	struct nvml_fabric_3 whole = { 0 };
	uint32_t status;
	size_t size = 0;

	if (fabric)
		memcpy(&whole.version, fabric, sizeof(whole.version));
	if (whole.version == NVML_FABRIC_2)
		size = sizeof(struct nvml_fabric_2);
	else if (whole.version == NVML_FABRIC_3)
		size = sizeof(struct nvml_fabric_3);
	if (!stand_in_enter(__func__, device, fabric, size, &status))
		return status;
	if (size == 0)
		return NVML_STATUS_ARGUMENT_VERSION_MISMATCH;
	status = read_fabric(device, &whole);
	if (status == NVML_STATUS_SUCCESS)
		memcpy(fabric, &whole, size); /* the newer one only has more behind */
	return status;
}

enum scope {
	OF_GPU,
	OF_LINK,
};

/* Fields, their key and how they answer. */
static const struct field {
	uint32_t id;
	enum scope scope;
	enum nvml_value_type type;
	const char *key;
	double scale;
} known_fields[] = {
	{ NVML_FIELD_MEMORY_TEMPERATURE, OF_GPU, NVML_VALUE_UNSIGNED_INT, "memory_temperature", 1 },
	{ NVML_FIELD_ENERGY_MJ, OF_GPU, NVML_VALUE_UNSIGNED_LONG_LONG, "energy", MILLI },
	{ NVML_FIELD_LINK_SPEED_ALL, OF_GPU, NVML_VALUE_UNSIGNED_INT, "link_speed", 1 },
	{ NVML_FIELD_LINK_COUNT, OF_GPU, NVML_VALUE_UNSIGNED_INT, "link_count", 1 },
	{ NVML_FIELD_PCIE_REPLAY, OF_GPU, NVML_VALUE_UNSIGNED_INT, "pcie_replays", 1 },
	{ NVML_FIELD_PCIE_REPLAY_ROLLOVER, OF_GPU, NVML_VALUE_UNSIGNED_INT, "pcie_replay_rollovers",
	  1 },
	{ NVML_FIELD_REMAPPED_CORRECTABLE, OF_GPU, NVML_VALUE_UNSIGNED_INT, "remapped_correctable",
	  1 },
	{ NVML_FIELD_REMAPPED_UNCORRECTABLE, OF_GPU, NVML_VALUE_UNSIGNED_INT,
	  "remapped_uncorrectable", 1 },
	{ NVML_FIELD_REMAP_PENDING, OF_GPU, NVML_VALUE_UNSIGNED_INT, "remap_pending", 1 },
	{ NVML_FIELD_REMAP_FAILED, OF_GPU, NVML_VALUE_UNSIGNED_INT, "remap_failed", 1 },
	{ NVML_FIELD_LINK_DL_REPLAY, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG, "replay", 1 },
	{ NVML_FIELD_LINK_DL_RECOVERY, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG, "recovery", 1 },
	{ NVML_FIELD_LINK_DL_CRC, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG, "crc", 1 },
	{ NVML_FIELD_C2C_COUNT, OF_GPU, NVML_VALUE_UNSIGNED_INT, "c2c_count", 1 },
	{ NVML_FIELD_C2C_STATUS, OF_GPU, NVML_VALUE_UNSIGNED_INT, "c2c_status", 1 },
	{ NVML_FIELD_C2C_BANDWIDTH, OF_GPU, NVML_VALUE_UNSIGNED_INT, "c2c_bandwidth", 1 },
	{ NVML_FIELD_C2C_ERRORS, OF_GPU, NVML_VALUE_UNSIGNED_INT, "c2c_errors", 1 },
	{ NVML_FIELD_C2C_REPLAYS, OF_GPU, NVML_VALUE_UNSIGNED_INT, "c2c_replays", 1 },
	{ NVML_FIELD_SHUTDOWN_MARGIN, OF_GPU, NVML_VALUE_SIGNED_INT, "shutdown_margin", 1 },
	{ NVML_FIELD_SLOWDOWN_MARGIN, OF_GPU, NVML_VALUE_SIGNED_INT, "slowdown_margin", 1 },
	{ NVML_FIELD_MEMORY_MAXIMUM_MARGIN, OF_GPU, NVML_VALUE_SIGNED_INT, "memory_maximum_margin",
	  1 },
	{ NVML_FIELD_GPU_MAXIMUM_MARGIN, OF_GPU, NVML_VALUE_SIGNED_INT, "gpu_maximum_margin", 1 },
	{ NVML_FIELD_LINK_MALFORMED, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG, "malformed", 1 },
	{ NVML_FIELD_LINK_OVERRUN, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG, "overrun", 1 },
	{ NVML_FIELD_LINK_RECEIVE_ERRORS, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG, "receive_errors",
	  1 },
	{ NVML_FIELD_LINK_REMOTE_ERRORS, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG, "remote_errors",
	  1 },
	{ NVML_FIELD_LINK_GENERAL_ERRORS, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG, "general_errors",
	  1 },
	{ NVML_FIELD_LINK_INTEGRITY_ERRORS, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG,
	  "integrity_errors", 1 },
	{ NVML_FIELD_LINK_TRANSMIT_DISCARDS, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG,
	  "transmit_discards", 1 },
	{ NVML_FIELD_LINK_RECOVERY_OK, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG, "recovery_ok", 1 },
	{ NVML_FIELD_LINK_RECOVERY_FAILED, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG,
	  "recovery_failed", 1 },
	{ NVML_FIELD_LINK_RECOVERY_EVENTS, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG,
	  "recovery_events", 1 },
	{ NVML_FIELD_LINK_EFFECTIVE_ERRORS, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG,
	  "effective_errors", 1 },
	{ NVML_FIELD_LINK_SYMBOL_ERRORS, OF_LINK, NVML_VALUE_UNSIGNED_LONG_LONG, "symbol_errors",
	  1 },
	{ NVML_FIELD_RECOVERY_ACTION, OF_GPU, NVML_VALUE_UNSIGNED_INT, "recovery_action", 1 },
};

static void put_value(struct nvml_field *field, enum nvml_value_type type, double number)
{
	field->type = type;
	field->status = NVML_STATUS_SUCCESS;
	field->value.unsigned_long_long = 0;
	if (type == NVML_VALUE_SIGNED_INT)
		field->value.signed_int = (int32_t)lround(number);
	else if (type == NVML_VALUE_UNSIGNED_INT)
		field->value.unsigned_int = (uint32_t)llround(number);
	else
		field->value.unsigned_long_long = (uint64_t)number;
}

/* One key of one link. */
static void answer_link(const struct nvml_device *device, struct nvml_field *field, const char *key,
			enum nvml_value_type type)
{
	double number = 0;

	field->status = check_link(device, field->scope);
	if (field->status == NVML_STATUS_SUCCESS)
		field->status = stand_in_number(device, (int)field->scope, key, &number);
	if (field->status == NVML_STATUS_SUCCESS)
		put_value(field, type, number);
}

/* The speed of a link that is down is 0. */
static void answer_speed(const struct nvml_device *device, struct nvml_field *field, uint32_t link)
{
	double state = 0;
	double speed = 0;

	field->status = read_state(device, link, &state);
	if (field->status != NVML_STATUS_SUCCESS)
		return;
	field->status = stand_in_number(device, (int)link, "speed", &speed);
	if (field->status == NVML_STATUS_NOT_SUPPORTED)
		field->status = stand_in_number(device, SCENARIO_NO_LINK, "link_speed", &speed);
	if (field->status == NVML_STATUS_SUCCESS)
		put_value(field, NVML_VALUE_UNSIGNED_INT, state > 0 ? speed : 0);
}

static void answer_state(const struct nvml_device *device, struct nvml_field *field)
{
	double state = 0;

	field->status = read_state(device, field->scope, &state);
	if (field->status == NVML_STATUS_SUCCESS)
		put_value(field, NVML_VALUE_UNSIGNED_INT, state);
}

/* "1e-15" as a mantissa below 16 and an exponent; no error at all is 15e-255. */
static void answer_rate(const struct nvml_device *device, struct nvml_field *field, const char *key)
{
	double rate = 0;
	unsigned exponent = 0;

	answer_link(device, field, key, NVML_VALUE_UNSIGNED_LONG_LONG);
	if (field->status != NVML_STATUS_SUCCESS)
		return;
	(void)stand_in_number(device, (int)field->scope, key, &rate);
	if (rate <= 0)
		rate = 15e-255;
	while (rate < 1 && exponent < NVML_BER_EXPONENT_MASK) {
		rate *= 10;
		exponent++;
	}
	uint64_t mantissa = (uint64_t)llround(rate) & NVML_BER_MANTISSA_MASK;
	field->value.unsigned_long_long = mantissa << NVML_BER_MANTISSA_SHIFT | exponent;
}

static void answer_power(const struct nvml_device *device, struct nvml_field *field)
{
	const char *key = field->field == NVML_FIELD_POWER_AVERAGE ? "power_average" : "power";
	double watts = 0;

	if (field->scope == NVML_POWER_OF_MODULE)
		key = "power_module";
	field->status = field->scope > NVML_POWER_OF_MODULE
				? (uint32_t)NVML_STATUS_NOT_SUPPORTED
				: stand_in_number(device, SCENARIO_NO_LINK, key, &watts);
	if (field->status == NVML_STATUS_SUCCESS)
		put_value(field, NVML_VALUE_UNSIGNED_INT, watts * MILLI);
}

static void answer_listed(const struct nvml_device *device, struct nvml_field *field)
{
	double number = 0;

	field->status = NVML_STATUS_NOT_SUPPORTED;
	for (size_t i = 0; i < sizeof(known_fields) / sizeof(known_fields[0]); i++) {
		const struct field *known = &known_fields[i];

		if (known->id != field->field)
			continue;
		if (known->scope == OF_LINK) {
			answer_link(device, field, known->key, known->type);
			return;
		}
		field->status = stand_in_number(device, SCENARIO_NO_LINK, known->key, &number);
		if (field->status == NVML_STATUS_SUCCESS)
			put_value(field, known->type, number * known->scale);
		return;
	}
}

static void answer_field(const struct nvml_device *device, struct nvml_field *field)
{
	char key[16];
	uint32_t id = field->field;

	if (id >= NVML_FIELD_LINK_SPEED_0 && id < NVML_FIELD_LINK_SPEED_0 + 6) {
		answer_speed(device, field, id - NVML_FIELD_LINK_SPEED_0);
	} else if (id >= NVML_FIELD_LINK_SPEED_6 && id < NVML_FIELD_LINK_SPEED_6 + 6) {
		answer_speed(device, field, id - NVML_FIELD_LINK_SPEED_6 + 6);
	} else if (id >= NVML_FIELD_LINK_FEC_0 && id <= NVML_FIELD_LINK_FEC_15) {
		(void)snprintf(key, sizeof(key), "fec_%u", id - NVML_FIELD_LINK_FEC_0);
		answer_link(device, field, key, NVML_VALUE_UNSIGNED_LONG_LONG);
	} else if (id == NVML_FIELD_LINK_SPEED) {
		answer_speed(device, field, field->scope);
	} else if (id == NVML_FIELD_LINK_STATE) {
		answer_state(device, field);
	} else if (id == NVML_FIELD_LINK_EFFECTIVE_BER) {
		answer_rate(device, field, "effective_ber");
	} else if (id == NVML_FIELD_LINK_SYMBOL_BER) {
		answer_rate(device, field, "symbol_ber");
	} else if (id == NVML_FIELD_POWER_AVERAGE || id == NVML_FIELD_POWER_INSTANT) {
		answer_power(device, field);
	} else {
		answer_listed(device, field);
	}
}

uint32_t nvmlDeviceGetFieldValues(struct nvml_device *device, int32_t count,
				  struct nvml_field *fields)
{
	uint32_t status;
	size_t size = count > 0 ? (size_t)count * sizeof(*fields) : 0;

	if (!stand_in_enter(__func__, device, fields, size, &status))
		return status;
	if (count <= 0)
		return NVML_STATUS_INVALID_ARGUMENT;
	for (int32_t i = 0; i < count; i++) {
		answer_field(device, &fields[i]);
		fields[i].timestamp_us =
			(int64_t)((stand_in.scenario.epoch + scenario_now(&stand_in.scenario)) *
				  1e6);
		fields[i].latency_us = 0;
	}
	return NVML_STATUS_SUCCESS;
}

struct nvml_event_set {
	uint64_t types[SCENARIO_GPUS_MAXIMUM];
	unsigned told[SCENARIO_GPUS_MAXIMUM]; /* lines that were looked at */
};

uint32_t nvmlEventSetCreate(struct nvml_event_set **set)
{
	if (stand_in.users == 0)
		return NVML_STATUS_UNINITIALIZED;
	if (!set)
		return NVML_STATUS_INVALID_ARGUMENT;
	*set = calloc(1, sizeof(**set));
	return *set ? NVML_STATUS_SUCCESS : NVML_STATUS_MEMORY;
}

/* What happened before is not told. */
uint32_t nvmlDeviceRegisterEvents(struct nvml_device *device, uint64_t types,
				  struct nvml_event_set *set)
{
	const struct scenario_line *line;
	uint32_t status;
	char nothing;

	if (!stand_in_enter(__func__, device, &nothing, 0, &status))
		return status;
	if (!set)
		return NVML_STATUS_INVALID_ARGUMENT;
	set->types[device->gpu] |= types;
	while ((line = scenario_nth(&stand_in.scenario, device->gpu, "event",
				    set->told[device->gpu])) &&
	       line->since < scenario_now(&stand_in.scenario))
		set->told[device->gpu]++;
	return NVML_STATUS_SUCCESS;
}

/* The next event "TYPE DATA" that is due; the lines of a GPU stand in the order of their times. */
static bool next_event(struct nvml_event_set *set, struct nvml_event *event)
{
	const struct scenario_line *line;
	double words[2];

	for (int gpu = 0; gpu < SCENARIO_GPUS_MAXIMUM; gpu++) {
		if (set->types[gpu] == 0)
			continue;
		line = scenario_nth(&stand_in.scenario, gpu, "event", set->told[gpu]);
		if (!line || line->since > scenario_now(&stand_in.scenario))
			continue;
		set->told[gpu]++;
		if (!scenario_word(line->value, 0, &words[0]) ||
		    !scenario_word(line->value, 1, &words[1]) ||
		    ((uint64_t)words[0] & set->types[gpu]) == 0)
			continue;
		*event = (struct nvml_event){ .device = &stand_in.devices[gpu][0],
					      .type = (uint64_t)words[0],
					      .data = (uint64_t)words[1],
					      .gpu_instance = UINT32_MAX,
					      .compute_instance = UINT32_MAX };
		return true;
	}
	return false;
}

uint32_t nvmlEventSetWait_v2(struct nvml_event_set *set, struct nvml_event *event,
			     uint32_t timeout_ms)
{
	struct timespec step = { .tv_nsec = WAIT_STEP_MS * 1000000L };
	uint32_t error;

	if (stand_in.users == 0)
		return NVML_STATUS_UNINITIALIZED;
	if (!set || !event)
		return NVML_STATUS_INVALID_ARGUMENT;
	if (scenario_fault(&stand_in.scenario, SCENARIO_SYSTEM, __func__, &error) ==
	    SCENARIO_FAULT_ERROR)
		return error;
	for (uint32_t waited = 0;; waited += WAIT_STEP_MS) {
		if (next_event(set, event))
			return NVML_STATUS_SUCCESS;
		if (waited >= timeout_ms)
			return NVML_STATUS_TIMEOUT;
		(void)nanosleep(&step, NULL);
	}
}

uint32_t nvmlEventSetFree(struct nvml_event_set *set)
{
	free(set);
	return NVML_STATUS_SUCCESS;
}
