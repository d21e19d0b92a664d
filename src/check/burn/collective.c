#include <string.h>

#include "check/gpu/walk.h"

/* In percent; this project's bars. A collective is as fast as its slowest link, and nothing about
 * hours of load makes a healthy one slower. */
static const double slower_warn = 5, slower_fail = 10;

static const char device[] = "test:burn";

/* True when a finding was added. */
static bool judge_rank(struct gpu_walk *walk, const char *gpu, const struct record *end)
{
	const struct record *wrong;
	struct finding *finding;

	if (strcmp(end->text, "waited") == 0)
		return false;
	if (strcmp(end->text, "wrong") == 0) {
		wrong = machine_find(walk->machine, NODE_TEST_BURN_COLLECTIVE_WRONG, gpu);
		finding = gpu_walk_say(walk, VERDICT_FAIL, gpu, end,
				       "%.0f elements of the sums that it received are wrong",
				       wrong && wrong->says == SAYS_VALUE ? wrong->value : 0);
		finding->action = "drain; look at the links of the GPU, run assay test collective";
	} else if (strcmp(end->text, "ok") != 0) {
		finding = gpu_walk_say(walk, VERDICT_FAIL, gpu, end,
				       "as a rank of the all-reduce it %s, and all others waited",
				       end->text);
		finding->action = "drain; look at the kernel log and at the links of the GPU";
	} else {
		gpu_walk_well(walk, end);
		return false;
	}
	finding->bar = "no wrong element and no rank lost in a burn-in";
	return true;
}

/* When it ended and no rank can be blamed. */
static void say_hang(const struct check_input *seen, struct findings *found,
		     const struct record *one)
{
	struct finding *finding = findings_add(found, VERDICT_FAIL, device,
					       "the all-reduce hung: every rank waited for others");

	(void)seen;
	finding->bar = "no rank lost in a burn-in";
	finding->action = "run assay test collective: it looks for the rank";
	finding_rests_on(finding, one);
}

static void judge_speed(const struct check_input *seen, struct findings *found,
			const struct record *all)
{
	const struct record *first =
		machine_find(seen->machine, NODE_TEST_BURN_COLLECTIVE_BUSBW_FIRST, device);
	const struct record *last =
		machine_find(seen->machine, NODE_TEST_BURN_COLLECTIVE_BUSBW_LAST, device);
	double slower, spread = 0;
	struct finding *finding;

	if (!first || !last || first->says != SAYS_VALUE || last->says != SAYS_VALUE) {
		findings_add_unknown(found, seen->machine, NODE_TEST_BURN_COLLECTIVE_BUSBW_LAST,
				     device);
		return;
	}
	slower = 100 * (1 - last->value / first->value);
	(void)machine_value(seen->machine, NODE_TEST_BURN_COLLECTIVE_SPREAD, device, &spread);
	if (slower < slower_warn || slower < spread) {
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "%.0f GB/s beside the products, %.0f in the end",
				       all->value / 1e9, last->value / 1e9);
	} else {
		finding = findings_add(
			found, slower < slower_fail ? VERDICT_WARN : VERDICT_FAIL, device,
			"the all-reduce ended at %.0f GB/s and began at %.0f (%.0f %% slower)",
			last->value / 1e9, first->value / 1e9, slower);
		finding->action = "run assay test collective: it names the slow rank";
	}
	finding->bar = "5 % slower in the last hour than in the first is told, 10 % fails";
	finding_rests_on(finding, last);
	finding_rests_on(finding, first);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *all =
		machine_find(seen->machine, NODE_TEST_BURN_COLLECTIVE_BUSBW, device);
	const struct record *waited = NULL;
	struct gpu_walk walk;
	const char *gpu;
	bool is_said = false;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk))) {
		const struct record *end =
			machine_find(seen->machine, NODE_TEST_BURN_COLLECTIVE_END, gpu);

		if (!end || end->says != SAYS_STATE)
			continue;
		is_said |= judge_rank(&walk, gpu, end);
		if (strcmp(end->text, "waited") == 0)
			waited = end;
	}
	if (waited && !is_said)
		say_hang(seen, found, waited);
	else if (all && all->says == SAYS_VALUE && !waited)
		judge_speed(seen, found, all);
	else if (!is_said)
		findings_add_unknown(found, seen->machine, NODE_TEST_BURN_COLLECTIVE_BUSBW, device);
}

CHECK(burn_collective) = {
	.title = "Collectives beside the load stay right and as fast as they began",
	.since = "0.1",
	.needs = "node.test.burn.collective.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.judge = judge,
};
