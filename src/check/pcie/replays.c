#include <string.h>

#include "check/check.h"
#include "check/pcie/budget.h"

/* A shorter window than this says too little about errors a minute. */
static const double window_least_s = 60.0;

/* GT/s by the generation that NVML counts in. */
static const double speeds[] = { 0.0, 2.5, 5.0, 8.0, 16.0, 32.0, 64.0 };

enum {
	GENERATIONS = sizeof(speeds) / sizeof(speeds[0]),
};

/* The link at its full speed: a GPU that is idle has trained down, and what it sent before does not
 * count against the slower link. */
static bool find_link(const struct machine *machine, const char *gpu, struct arena *arena,
		      double *ret_speed, double *ret_lanes)
{
	const char *pci = device_pci(gpu, arena);
	double generation;

	if (!machine_value(machine, NODE_GPU_PCIE_WIDTH, gpu, ret_lanes) &&
	    !machine_value(machine, NODE_PCI_WIDTH, pci, ret_lanes))
		return false;
	if (machine_value(machine, NODE_GPU_PCIE_GENERATION_MAXIMUM, gpu, &generation) &&
	    generation >= 1.0 && generation < GENERATIONS) {
		*ret_speed = speeds[(unsigned)generation];
		return true;
	}
	return machine_value(machine, NODE_PCI_SPEED_MAXIMUM, pci, ret_speed);
}

/* A window that is too short is widened to the whole time since the start. */
static bool find_rate(const struct machine *machine, const char *gpu, struct counter_rate *ret_rate)
{
	struct counter_rate rate;

	if (!machine_rate(machine, NODE_GPU_PCIE_REPLAYS, gpu, &rate))
		return false;
	if (!rate.since_boot && rate.window_s < window_least_s) {
		rate.since_boot = true;
		rate.before = NULL;
		rate.rise = rate.now->value;
		if (!machine_value(machine, NODE_UPTIME, NULL, &rate.window_s))
			return false;
	}
	*ret_rate = rate;
	return rate.window_s >= window_least_s;
}

/* True when the GPU is known to be within its budget. */
static bool judge_gpu(const struct machine *machine, const struct record *record,
		      struct findings *found)
{
	const char *gpu = record->subject.parts[SUBJECT_DEVICE];
	double speed = 0.0, lanes = 0.0, budget = 0.0, per_minute;
	struct counter_rate rate;
	struct finding *finding;

	if (record->says != SAYS_VALUE) {
		findings_add_unknown(found, machine, NODE_GPU_PCIE_REPLAYS, gpu);
		return false;
	}
	if (!find_rate(machine, gpu, &rate)) {
		finding_rests_on(
			findings_add(
				found, VERDICT_UNKNOWN, gpu,
				"%s: %.0f replays, over what time is not known or below %.0f s",
				device_label(machine, gpu, found->arena), record->value,
				window_least_s),
			record);
		return false;
	}
	if (rate.rise > 0.0 && (!find_link(machine, gpu, found->arena, &speed, &lanes) ||
				!pcie_budget(speed, lanes, &budget))) {
		finding_rests_on(findings_add(found, VERDICT_UNKNOWN, gpu,
					      "%s: %.0f replays, but no reference: the speed and "
					      "width of its link are not known",
					      device_label(machine, gpu, found->arena), rate.rise),
				 record);
		return false;
	}
	per_minute = rate.rise / (rate.window_s / 60.0);
	if (rate.rise <= 0.0 || per_minute <= budget)
		return true;
	finding = findings_add(found, VERDICT_FAIL, gpu,
			       "%s: %.1f replays a minute %s, at most %.0f expected of %.0f lanes "
			       "at %.1f GT/s",
			       device_label(machine, gpu, found->arena), per_minute,
			       rate.since_boot ? "since the start" : "now", budget, lanes, speed);
	finding->bar = "a bit error rate of 1e-12 (PCI Express Base Specification 6.0)";
	finding->action = "drain; reseat the GPU and its riser or cable; again: replace them";
	finding_rests_on(finding, rate.now);
	finding_rests_on(finding, rate.before);
	return false;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const struct record *one, *first = NULL;
	size_t at = 0, count = 0;
	bool all_well = true;

	while ((one = machine_next(machine, NODE_GPU_PCIE_REPLAYS, &at))) {
		if (!one->subject.parts[SUBJECT_DEVICE])
			continue;
		count++;
		first = first ? first : one;
		if (!judge_gpu(machine, one, found))
			all_well = false;
	}
	at = 0;
	while ((one = machine_next(machine, NODE_GPU_VENDOR, &at))) {
		const char *gpu = one->subject.parts[SUBJECT_DEVICE];

		if (!gpu || machine_find(machine, NODE_GPU_PCIE_REPLAYS, gpu))
			continue;
		findings_add_unknown(found, machine, NODE_GPU_PCIE_REPLAYS, gpu);
		all_well = false;
	}
	if (count > 0 && all_well)
		finding_rests_on(findings_add(found, VERDICT_PASS, NULL,
					      "replays of %zu GPUs are within a bit error rate of "
					      "1e-12",
					      count),
				 first);
}

CHECK(pcie_replays) = {
	.title = "GPUs send few PCIe packets again",
	.since = "0.1",
	.needs = "node.gpu.pcie.replays",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_GPU,
	.judge = judge,
};
