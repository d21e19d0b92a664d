#include "probe/nvidia.h"

#include <stdio.h>
#include <string.h>

#include "probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	OLD_SPEEDS = 12, /* links that have a field of their own for the speed */
};

static const double bytes_of_mb = 1e6;

enum link_state {
	LINK_ABSENT,
	LINK_DOWN,
	LINK_UP,
};

struct links {
	struct nvidia_gpu *gpu;
	enum link_state states[NVML_LINKS_MAXIMUM];
	unsigned end; /* behind the last that is there */
};

/* What comes is about this link. */
static void turn_to(struct nvidia_gpu *gpu, unsigned link)
{
	(void)snprintf(gpu->told.part, VENDOR_NAME_SIZE, "%.24s/link:%u", gpu->told.name, link);
}

static void turn_back(struct nvidia_gpu *gpu)
{
	memcpy(gpu->told.part, gpu->told.name, VENDOR_NAME_SIZE);
}

/* A link that no board has is an invalid argument; the first of them ends the list. */
static void ask_states(struct links *links)
{
	static const char *const words[] = { "down", "up" };
	struct nvidia_gpu *gpu = links->gpu;
	bool is_quick = gpu->told.shares & PROBE_QUICK;

	for (unsigned i = 0; i < NVML_LINKS_MAXIMUM; i++) {
		uint32_t active = 0;

		turn_to(gpu, i);
		uint32_t status = NVML_ASK(gpu, nvmlDeviceGetNvLinkState, i, &active);
		if (status == NVML_STATUS_INVALID_ARGUMENT || gpu->told.is_gone ||
		    (i == 0 && vendor_heard(&nvml_statuses, status) == HEARD_NOTHING))
			break;
		if (status == NVML_STATUS_SUCCESS && active <= 1) {
			links->states[i] = active ? LINK_UP : LINK_DOWN;
			links->end = i + 1;
		}
		if (is_quick && gpu_told(&gpu->told, status, NODE_GPU_LINK))
			gpu_say_word(&gpu->told, NODE_GPU_LINK, active, words, COUNT(words));
	}
	turn_back(gpu);
}

/* The speed of each link that is up; older libraries have a field for each link. */
static void ask_speeds(struct links *links)
{
	struct nvidia_gpu *gpu = links->gpu;
	struct nvml_field fields[NVML_LINKS_MAXIMUM] = { { .field = 0 } };
	uint32_t status;

	for (unsigned i = 0; i < links->end; i++)
		fields[i] = (struct nvml_field){ .field = NVML_FIELD_LINK_SPEED, .scope = i };
	status = NVML_ASK(gpu, nvmlDeviceGetFieldValues, (int32_t)links->end, fields);
	if (status == NVML_STATUS_SUCCESS && links->end <= OLD_SPEEDS &&
	    fields[0].status != NVML_STATUS_SUCCESS) {
		for (unsigned i = 0; i < links->end; i++)
			fields[i] = (struct nvml_field){
				.field = i < 6 ? NVML_FIELD_LINK_SPEED_0 + i
					       : NVML_FIELD_LINK_SPEED_6 + i - 6,
			};
		status = NVML_ASK(gpu, nvmlDeviceGetFieldValues, (int32_t)links->end, fields);
	}
	for (unsigned i = 0; i < links->end; i++) {
		double speed;

		turn_to(gpu, i);
		if (links->states[i] == LINK_UP &&
		    nvidia_field_told(gpu, status, &fields[i], NODE_GPU_LINK_SPEED, &speed))
			gpu_say_value(&gpu->told, NODE_GPU_LINK_SPEED, speed * bytes_of_mb);
	}
	turn_back(gpu);
}

/* What is no GPU of this node is a switch. */
static void ask_peers(struct links *links)
{
	struct nvidia_gpu *gpu = links->gpu;

	for (unsigned i = 0; i < links->end; i++) {
		struct nvml_pci pci = { .domain = 0 };
		char name[VENDOR_NAME_SIZE];
		uint32_t status;
		bool is_gpu = false;

		if (links->states[i] != LINK_UP)
			continue;
		turn_to(gpu, i);
		status = NVML_ASK(gpu, nvmlDeviceGetNvLinkRemotePciInfo_v2, i, &pci);
		if (!gpu_told(&gpu->told, status, NODE_GPU_LINK_PEER))
			continue;
		if (!nvidia_name(&pci, name)) {
			gpu_say_rubbish(&gpu->told, NODE_GPU_LINK_PEER, pci.bus);
			continue;
		}
		for (unsigned k = 0; k < gpu->count; k++)
			is_gpu |= strcmp(gpu->names[k], name) == 0;
		gpu_say_state(&gpu->told, NODE_GPU_LINK_PEER, is_gpu ? name : "switch");
	}
	turn_back(gpu);
}

/* Counters of NVLink up to 4; false when there are none, as from NVLink 5 on. */
static bool ask_old_counters(struct nvidia_gpu *gpu, unsigned link)
{
	static const struct {
		uint32_t counter;
		enum measure measure;
	} counters[] = {
		{ NVML_LINK_REPLAY, NODE_GPU_LINK_REPLAYS },
		{ NVML_LINK_RECOVERY, NODE_GPU_LINK_RECOVERIES },
		{ NVML_LINK_CRC_FLIT, NODE_GPU_LINK_CRC },
	};

	for (size_t i = 0; i < COUNT(counters); i++) {
		uint64_t count = 0;
		uint32_t status = NVML_ASK(gpu, nvmlDeviceGetNvLinkErrorCounter, link,
					   counters[i].counter, &count);

		if (i == 0 && vendor_heard(&nvml_statuses, status) == HEARD_NOTHING)
			return false;
		if (gpu_told(&gpu->told, status, counters[i].measure))
			gpu_say_u64(&gpu->told, counters[i].measure, count, 1);
	}
	return true;
}

/* Fields of a link of NVLink 5 and later, the packet errors first. */
enum {
	PACKET_FIELDS = 4,
	FIELD_INTEGRITY = PACKET_FIELDS,
	FIELD_RECOVERIES,
	FIELD_RECOVERED,
	FIELD_RECOVERIES_FAILED,
	FIELD_SYMBOL_ERRORS,
	FIELD_SYMBOL_BER,
	FIELD_COUNT,
};

static const uint32_t field_ids[FIELD_COUNT] = {
	NVML_FIELD_LINK_MALFORMED,
	NVML_FIELD_LINK_OVERRUN,
	NVML_FIELD_LINK_REMOTE_ERRORS,
	NVML_FIELD_LINK_GENERAL_ERRORS,
	[FIELD_INTEGRITY] = NVML_FIELD_LINK_INTEGRITY_ERRORS,
	[FIELD_RECOVERIES] = NVML_FIELD_LINK_RECOVERY_EVENTS,
	[FIELD_RECOVERED] = NVML_FIELD_LINK_RECOVERY_OK,
	[FIELD_RECOVERIES_FAILED] = NVML_FIELD_LINK_RECOVERY_FAILED,
	[FIELD_SYMBOL_ERRORS] = NVML_FIELD_LINK_SYMBOL_ERRORS,
	[FIELD_SYMBOL_BER] = NVML_FIELD_LINK_SYMBOL_BER,
};

/* Of the four kinds together; none of them told is nothing. */
static void say_packet_errors(struct nvidia_gpu *gpu, uint32_t status,
			      const struct nvml_field *fields)
{
	double sum = 0, value;
	unsigned told = 0;

	for (unsigned i = 0; i < PACKET_FIELDS; i++) {
		uint32_t of_field = status == NVML_STATUS_SUCCESS ? fields[i].status : status;

		if (vendor_heard(&nvml_statuses, of_field) == HEARD_NOTHING ||
		    of_field == NVML_STATUS_INVALID_ARGUMENT)
			continue;
		/* A sum without one of its parts would be too small. */
		if (!nvidia_field_told(gpu, status, &fields[i], NODE_GPU_LINK_PACKET_ERRORS,
				       &value))
			return;
		sum += value;
		told++;
	}
	if (told > 0)
		gpu_say_value(&gpu->told, NODE_GPU_LINK_PACKET_ERRORS, sum);
}

/* Mantissa x 10 ^ -exponent; the decimal is written out, so that it is read as the number next to
 * it. */
static void say_error_rate(struct nvidia_gpu *gpu, uint32_t status, const struct nvml_field *field)
{
	uint64_t packed = field->value.unsigned_long_long;
	unsigned exponent = packed >> NVML_BER_EXPONENT_SHIFT & NVML_BER_EXPONENT_MASK;
	unsigned mantissa = packed >> NVML_BER_MANTISSA_SHIFT & NVML_BER_MANTISSA_MASK;
	double ignored;

	if (!nvidia_field_told(gpu, status, field, NODE_GPU_LINK_SYMBOL_BER, &ignored))
		return;
	if (packed >> NVML_BER_MANTISSA_SHIFT > NVML_BER_MANTISSA_MASK)
		gpu_say_rubbish(&gpu->told, NODE_GPU_LINK_SYMBOL_BER, packed);
	else
		worker_answers(gpu->told.port, "v %s gpu.link.symbol-ber %ue-%u", gpu->told.part,
			       mantissa, exponent);
}

static void ask_new_counters(struct nvidia_gpu *gpu, unsigned link)
{
	static const struct {
		unsigned field;
		enum measure measure;
	} counters[] = {
		{ FIELD_INTEGRITY, NODE_GPU_LINK_INTEGRITY },
		{ FIELD_RECOVERIES_FAILED, NODE_GPU_LINK_RECOVERIES_FAILED },
		{ FIELD_SYMBOL_ERRORS, NODE_GPU_LINK_SYMBOL_ERRORS },
	};
	struct nvml_field fields[FIELD_COUNT];
	const struct nvml_field *recoveries = &fields[FIELD_RECOVERIES];
	uint32_t status;
	double value;

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		fields[i] = (struct nvml_field){ .field = field_ids[i], .scope = link };
	status = NVML_ASK(gpu, nvmlDeviceGetFieldValues, FIELD_COUNT, fields);
	if (gpu->told.is_gone)
		return;
	say_packet_errors(gpu, status, fields);
	/* The events are those that went well and those that failed. */
	if (status == NVML_STATUS_SUCCESS && recoveries->status != NVML_STATUS_SUCCESS)
		recoveries = &fields[FIELD_RECOVERED];
	if (nvidia_field_told(gpu, status, recoveries, NODE_GPU_LINK_RECOVERIES, &value))
		gpu_say_value(&gpu->told, NODE_GPU_LINK_RECOVERIES, value);
	for (size_t i = 0; i < COUNT(counters); i++)
		if (nvidia_field_told(gpu, status, &fields[counters[i].field], counters[i].measure,
				      &value))
			gpu_say_value(&gpu->told, counters[i].measure, value);
	say_error_rate(gpu, status, &fields[FIELD_SYMBOL_BER]);
}

static void ask_counters(struct links *links)
{
	struct nvidia_gpu *gpu = links->gpu;
	bool is_new = false;

	for (unsigned i = 0; i < links->end && !gpu->told.is_gone; i++) {
		if (links->states[i] == LINK_ABSENT)
			continue;
		turn_to(gpu, i);
		is_new = is_new || !ask_old_counters(gpu, i);
		if (is_new)
			ask_new_counters(gpu, i);
	}
	turn_back(gpu);
}

void nvidia_ask_links(struct nvidia_gpu *gpu)
{
	struct links links = { .gpu = gpu };

	ask_states(&links);
	if (links.end == 0 || gpu->told.is_gone)
		return;
	if (gpu->told.shares & PROBE_FULL) {
		ask_speeds(&links);
		ask_peers(&links);
	}
	if (gpu->told.shares & (PROBE_FULL | PROBE_COUNTERS))
		ask_counters(&links);
}
