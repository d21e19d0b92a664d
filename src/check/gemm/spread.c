#include <string.h>

#include "check/gpu/rates.h"
#include "check/gpu/walk.h"

/* The criterion performance.gpu-spread: about 5 % is usual, more is a straggler, and from 10 % on
 * (gpu-fryer's bar) the GPU holds up every job. */
static const double usual_percent = 5, most_percent = 10;

/* Slowest and fastest of the GPUs in one product. */
struct ends {
	const struct record *slow, *fast;
	size_t count;
};

static struct ends find_ends(const struct machine *machine, const char *part)
{
	struct ends ends = { .count = 0 };
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_TEST_GEMM, &at))) {
		if (one->says != SAYS_VALUE || strcmp(gpu_rate_part(record_device(one)), part) != 0)
			continue;
		ends.slow = !ends.slow || one->value < ends.slow->value ? one : ends.slow;
		ends.fast = !ends.fast || one->value > ends.fast->value ? one : ends.fast;
		ends.count++;
	}
	return ends;
}

static void judge_spread(struct tally *tally, const struct record *spread)
{
	struct arena *arena = tally->found->arena;
	const char *part = gpu_rate_part(record_device(spread));
	struct ends ends = find_ends(tally->machine, part);
	bool is_fail = spread->value >= most_percent;
	struct finding *finding;

	if (spread->value <= usual_percent || !ends.slow || !ends.fast) {
		tally_well(tally, spread);
		return;
	}
	finding = tally_say(tally, is_fail ? VERDICT_FAIL : VERDICT_WARN, record_device(ends.slow),
			    spread, "%s, %.1f %% below the fastest of %zu GPUs (%s)",
			    amount_text(ends.slow->value, ends.slow->unit, arena), spread->value,
			    ends.count, amount_text(ends.fast->value, ends.fast->unit, arena));
	(void)finding_rests_on(finding, ends.slow);
	(void)finding_rests_on(finding, ends.fast);
	finding->bar = is_fail ? "10 %: performance.gpu-spread" : "5 %: performance.gpu-spread";
	finding->action = "look at its clocks, power, temperature and cooling; drain it when it "
			  "stays behind";
}

static size_t count_gpus(const struct machine *machine)
{
	const struct record *one;
	size_t at = 0, count = 0;

	while ((one = machine_next(machine, NODE_GPU_VENDOR, &at)))
		count += one->says == SAYS_STATE && strcmp(one->text, "nvidia") == 0;
	return count;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;
	const struct record *one;
	size_t at = 0;

	tally_start(&tally, seen, found);
	if (count_gpus(tally.machine) == 1) {
		(void)findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
				   "one GPU has no neighbours to be compared with");
		return;
	}
	while ((one = machine_next(tally.machine, NODE_TEST_GEMM_SPREAD, &at)))
		if (one->says == SAYS_VALUE)
			judge_spread(&tally, one);
	at = 0;
	while ((one = machine_next(tally.machine, NODE_TEST_GEMM, &at)))
		if (one->says == SAYS_UNKNOWN)
			(void)tally_need(&tally, NODE_TEST_GEMM, record_device(one));
	gpu_rates_missing(&tally, NODE_TEST_GEMM);
	if (tally.well > 0)
		(void)tally_pass(&tally, "all GPUs are within 5 %% of the fastest, in %zu products",
				 tally.well);
}

CHECK(gemm_spread) = {
	.title = "The GPUs of a node are about equally fast",
	.since = "0.1",
	.needs = "node.test.gemm",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_NVIDIA,
	.judge = judge,
};
