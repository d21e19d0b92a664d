#include "check/gpu/rates.h"
#include "check/gpu/walk.h"

static const char bar[] = "none may be wrong";
static const char action[] = "drain it; run the corruption tests, and have it replaced when they "
			     "agree";

static const char *fault_of(const struct machine *machine, const char *device)
{
	const struct record *fault = machine_find(machine, NODE_TEST_GEMM_FAULT, device);

	return fault && fault->says == SAYS_TEXT ? fault->text : "which was not told";
}

static void judge_exact(struct tally *tally)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_TEST_GEMM_EXACT, &at))) {
		struct finding *finding;

		if (one->says != SAYS_VALUE) {
			(void)tally_need(tally, NODE_TEST_GEMM_EXACT, record_device(one));
			continue;
		}
		if (one->value < 0.5) {
			tally_well(tally, one);
			continue;
		}
		finding = tally_say(tally, VERDICT_FAIL, record_device(one), one,
				    "%.0f elements of an exact product are wrong, first %s",
				    one->value, fault_of(tally->machine, record_device(one)));
		finding->bar = bar;
		finding->action = action;
	}
}

static void judge_repeats(struct tally *tally)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_TEST_GEMM_DIFFERING, &at))) {
		struct finding *finding;

		if (one->says != SAYS_VALUE)
			continue;
		if (one->value < 0.5) {
			tally_well(tally, one);
			continue;
		}
		finding = tally_say(tally, VERDICT_FAIL, record_device(one), one,
				    "%.0f repeats of the same product gave other bits than the "
				    "first",
				    one->value);
		finding->bar = bar;
		finding->action = action;
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;

	tally_start(&tally, seen, found);
	judge_exact(&tally);
	judge_repeats(&tally);
	gpu_rates_missing(&tally, NODE_TEST_GEMM_DIFFERING);
	(void)tally_pass(&tally, "%zu products came out as they have to, bit for bit", tally.well);
}

CHECK(gemm_exact) = {
	.title = "Matrix products come out right, bit for bit",
	.since = "0.1",
	.needs = "node.test.gemm.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_NVIDIA,
	.judge = judge,
};
