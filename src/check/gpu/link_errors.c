#include <string.h>

#include "check/gpu/link_list.h"

/* NVLink up to 4: 100 broken packets a second fail (NVIDIA DCGM 4.6.0, health watch). Its other
 * bar, any replay or recovery, holds for a window that was watched; since the start they only warn.
 */
static const double crc_per_s = 100.0;

/* NVLink 5: the driver writes a rate as a mantissa and an exponent, and no error at all as 15e-255,
 * or 15e-238 where lanes are added up; DCGM 4.6.0 takes what is above for an error. Between that
 * and 1e-12, DCGM's bar for the rate that is left after correction, it warns. */
static const double ber_of_nothing = 15e-238, ber_fails = 1e-12;

/* What was found on the links of one GPU. */
struct verdict_of_gpu {
	enum verdict worst; /* PASS when nothing was */
	const char *why, *link, *bar;
	const struct record *evidence;
	unsigned links; /* with a fault */
	unsigned known; /* measures that were known */
	const struct record *unknown;
};

static int rank(enum verdict verdict)
{
	return verdict == VERDICT_FAIL ? 2 : verdict == VERDICT_WARN;
}

static void note(struct verdict_of_gpu *gpu, enum verdict verdict, const struct record *evidence,
		 const char *bar, const char *why)
{
	if (rank(verdict) <= rank(gpu->worst))
		return;
	gpu->worst = verdict;
	gpu->why = why;
	gpu->bar = bar;
	gpu->link = evidence->subject.parts[SUBJECT_DEVICE];
	gpu->evidence = evidence;
}

/* Reads a counter; false when it is not there or not known, which is kept. */
static bool read_counter(const struct machine *machine, enum measure measure, const char *device,
			 struct verdict_of_gpu *gpu, struct counter_rate *ret_rate)
{
	const struct record *record = machine_find(machine, measure, device);

	if (!record)
		return false;
	if (record->says == SAYS_VALUE && record->value <= 0.0) {
		gpu->known++;
		return false;
	}
	if (!machine_rate(machine, measure, device, ret_rate)) {
		gpu->unknown = record;
		return false;
	}
	gpu->known++;
	return ret_rate->rise > 0.0;
}

/* Replays, recoveries and the like, none of which should rise. */
static void judge_any(const struct machine *machine, enum measure measure, const char *device,
		      struct verdict_of_gpu *gpu, struct arena *arena)
{
	struct counter_rate rate;

	if (!read_counter(machine, measure, device, gpu, &rate))
		return;
	note(gpu, rate.since_boot ? VERDICT_WARN : VERDICT_FAIL, rate.now,
	     "none while it was watched (NVIDIA DCGM 4.6.0, health watch)",
	     arena_format(arena, "%.0f %s: %.*s, none expected", rate.rise, measures[measure].unit,
			  SPAN_ARGS(measure_title(measure))));
}

/* Errors that count whenever they were, with no bar of DCGM: they warn. */
static void judge_watched(const struct machine *machine, enum measure measure, const char *device,
			  struct verdict_of_gpu *gpu, struct arena *arena)
{
	struct counter_rate rate;

	if (!read_counter(machine, measure, device, gpu, &rate))
		return;
	note(gpu, VERDICT_WARN, rate.now, "none expected",
	     arena_format(arena, "%.0f %s: %.*s", rate.rise, measures[measure].unit,
			  SPAN_ARGS(measure_title(measure))));
}

static void judge_crc(const struct machine *machine, const char *link, struct verdict_of_gpu *gpu,
		      struct arena *arena)
{
	struct counter_rate rate;

	if (!read_counter(machine, NODE_GPU_LINK_CRC, link, gpu, &rate) ||
	    rate.rise / rate.window_s < crc_per_s)
		return;
	note(gpu, VERDICT_FAIL, rate.now,
	     "100 packets with a wrong checksum a second (NVIDIA DCGM 4.6.0, health watch)",
	     arena_format(arena, "%.0f packets with a wrong checksum a second, below 100 expected",
			  rate.rise / rate.window_s));
}

static void judge_ber(const struct machine *machine, const char *link, struct verdict_of_gpu *gpu,
		      struct arena *arena)
{
	const struct record *record = machine_find(machine, NODE_GPU_LINK_SYMBOL_BER, link);

	if (!record)
		return;
	if (record->says != SAYS_VALUE) {
		gpu->unknown = record;
		return;
	}
	gpu->known++;
	/* A little above, because the figure has gone through decimal digits. */
	if (record->value > ber_of_nothing * 1.001)
		note(gpu, record->value > ber_fails ? VERDICT_FAIL : VERDICT_WARN, record,
		     "no symbol error; above 1e-12 it fails (NVIDIA DCGM 4.6.0, health watch)",
		     arena_format(arena, "symbol error rate %.2g, no symbol error expected",
				  record->value));
}

/* At a link that is down, errors and recoveries are no finding of their own: gpu-links has it. */
static bool is_down(const struct machine *machine, const char *link)
{
	return machine_state_is(machine, NODE_GPU_LINK, link, "down");
}

static void judge_link(const struct machine *machine, const char *link, struct verdict_of_gpu *gpu,
		       struct arena *arena)
{
	struct verdict_of_gpu one = { .worst = VERDICT_PASS };
	struct counter_rate rate;
	bool is_nvlink5 = machine_find(machine, NODE_GPU_LINK_SYMBOL_BER, link) != NULL;

	if (is_down(machine, link))
		return;
	judge_crc(machine, link, &one, arena);
	judge_ber(machine, link, &one, arena);
	if (!is_nvlink5) {
		judge_any(machine, NODE_GPU_LINK_REPLAYS, link, &one, arena);
		judge_any(machine, NODE_GPU_LINK_RECOVERIES, link, &one, arena);
	}
	if (read_counter(machine, NODE_GPU_LINK_RECOVERIES_FAILED, link, &one, &rate))
		note(&one, VERDICT_FAIL, rate.now, "no recovery that fails (NVIDIA DCGM 4.6.0)",
		     arena_format(arena, "%.0f recoveries failed, none expected", rate.rise));
	judge_watched(machine, NODE_GPU_LINK_INTEGRITY, link, &one, arena);
	judge_watched(machine, NODE_GPU_LINK_PACKET_ERRORS, link, &one, arena);
	gpu->known += one.known;
	gpu->links += one.worst != VERDICT_PASS;
	gpu->unknown = gpu->unknown ? gpu->unknown : one.unknown;
	if (one.worst != VERDICT_PASS)
		note(gpu, one.worst, one.evidence, one.bar, one.why);
}

/* AMD counts the errors of all links of a GPU in one block, "xgmi_wafl" or alike. */
static void judge_blocks(const struct machine *machine, const char *gpu_device,
			 struct verdict_of_gpu *gpu, struct arena *arena)
{
	static const enum measure counters[] = { NODE_GPU_RAS_UNCORRECTED, NODE_GPU_RAS_CORRECTED };

	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		const struct record *one;
		size_t at = 0;

		while ((one = machine_next(machine, counters[i], &at))) {
			const char *device = one->subject.parts[SUBJECT_DEVICE];
			struct counter_rate rate;

			if (!device || !span_is(device_whole(device), gpu_device) ||
			    (!strstr(device, "xgmi") && !strstr(device, "XGMI")) ||
			    !read_counter(machine, counters[i], device, gpu, &rate))
				continue;
			gpu->links = gpu->links ? gpu->links : 1;
			note(gpu,
			     counters[i] == NODE_GPU_RAS_UNCORRECTED ? VERDICT_FAIL : VERDICT_WARN,
			     rate.now, "no uncorrected error; corrected ones are watched",
			     arena_format(arena, "%.0f errors of xGMI: %.*s", rate.rise,
					  SPAN_ARGS(measure_title(counters[i]))));
		}
	}
}

/* True when it is known that all is well. */
static bool judge_gpu(const struct machine *machine, const struct gpu_links *links,
		      struct findings *found)
{
	struct verdict_of_gpu gpu = { .worst = VERDICT_PASS };
	const char *label = device_label(machine, links->gpu, found->arena);
	struct finding *finding;

	for (size_t i = 0; i < links->count; i++)
		judge_link(machine, links->links[i], &gpu, found->arena);
	judge_blocks(machine, links->gpu, &gpu, found->arena);
	if (gpu.worst != VERDICT_PASS) {
		finding = findings_add(found, gpu.worst, links->gpu, "%s: %u links; worst: %s: %s",
				       label, gpu.links,
				       device_label(machine, gpu.link, found->arena), gpu.why);
		finding->bar = gpu.bar;
		finding->action =
			"drain; reset all GPUs of the node together; again: look at the board, "
			"its bridge or cables";
		finding_rests_on(finding, gpu.evidence);
		return false;
	}
	if (gpu.known > 0 && !gpu.unknown)
		return true;
	finding = findings_add(found, VERDICT_UNKNOWN, links->gpu,
			       "%s: errors of its links are not known: %s", label,
			       gpu.unknown && gpu.unknown->says == SAYS_UNKNOWN
				       ? gpu.unknown->text
				       : "nothing was recorded of them, or not over what time");
	finding_rests_on(finding, gpu.unknown);
	return false;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_links *gpus;
	size_t count = gpu_links_find(seen->machine, found->arena, &gpus), links = 0;
	bool all_well = true;
	struct finding *finding;

	for (size_t i = 0; i < count; i++) {
		links += gpus[i].count;
		if (!judge_gpu(seen->machine, &gpus[i], found))
			all_well = false;
	}
	if (count == 0 || !all_well)
		return;
	finding = findings_add(
		found, VERDICT_PASS, NULL,
		"the links of %zu GPUs (%zu were looked at) show no errors beyond their "
		"bars",
		count, links);
	for (size_t i = 0; i < count && gpus[i].count > 0; i++) {
		finding_rests_on(finding,
				 machine_find(seen->machine, NODE_GPU_LINK_CRC, gpus[i].links[0]));
		finding_rests_on(finding, machine_find(seen->machine, NODE_GPU_LINK_SYMBOL_BER,
						       gpus[i].links[0]));
	}
}

CHECK(gpu_link_errors) = {
	.title = "Links between GPUs carry data without errors",
	.since = "0.1",
	.needs = "node.gpu.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_LINKS,
	.judge = judge,
};
