#include "check/gpu/spread.h"
#include "check/gpu/walk.h"

/* In percent; this project's bars, no vendor states any. A burn-in that ends slower by more than
 * its own minutes differ has changed; a GPU this far behind the middle of its neighbours holds up
 * every step of a job that waits for all. */
static const double slower_warn = 2, slower_fail = 5;
static const double behind_warn = 3, behind_fail = 6;
static const double deviations = 3;

enum {
	PEERS_MINIMUM = 3,
	GPUS_MAXIMUM = 64,
};

static struct spread speeds(const struct machine *machine)
{
	double values[GPUS_MAXIMUM];
	const struct record *one;
	size_t count = 0, at = 0;

	while (count < GPUS_MAXIMUM && (one = machine_next(machine, NODE_TEST_BURN_SPEED, &at)))
		if (one->says == SAYS_VALUE)
			values[count++] = one->value;
	return spread_of(values, count);
}

/* True when a finding was added. */
static bool judge_peers(struct gpu_walk *walk, const char *gpu, const struct record *speed)
{
	struct spread all = speeds(walk->machine);
	double behind = 100 * (1 - speed->value / all.median);
	struct finding *finding;

	if (all.count <= PEERS_MINIMUM || behind < behind_warn ||
	    speed->value > all.median - deviations * all.deviation)
		return false;
	finding = gpu_walk_say(walk, behind < behind_fail ? VERDICT_WARN : VERDICT_FAIL, gpu, speed,
			       "a straggler: %.0f TFLOP/s, the middle of the node has %.0f "
			       "(%.1f %% less)",
			       speed->value / 1e12, all.median / 1e12, behind);
	finding->bar = "3 % behind the middle of the node's GPUs is told, 6 % fails";
	finding->action = "compare its temperature, power and clock with its neighbours'";
	return true;
}

static void judge_end(struct gpu_walk *walk, const char *gpu, const struct record *first,
		      const struct record *last)
{
	double slower = 100 * (1 - last->value / first->value), spread = 0;
	struct finding *finding;

	(void)machine_value(walk->machine, NODE_TEST_BURN_SPREAD, gpu, &spread);
	if (slower < slower_warn || slower < spread) {
		gpu_walk_well(walk, last);
		return;
	}
	finding = gpu_walk_say(walk, slower < slower_fail ? VERDICT_WARN : VERDICT_FAIL, gpu, last,
			       "it ended at %.0f TFLOP/s and began at %.0f (%.1f %% slower)",
			       last->value / 1e12, first->value / 1e12, slower);
	finding->bar = "2 % slower in the last hour than in the first is told, 5 % fails";
	finding->action = "look at burn-throttling and burn-temperature-slope for the reason";
	finding_rests_on(finding, first);
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *speed = gpu_walk_need(walk, NODE_TEST_BURN_SPEED, gpu);
	const struct record *first, *last;

	if (!speed || judge_peers(walk, gpu, speed))
		return;
	first = gpu_walk_need(walk, NODE_TEST_BURN_SPEED_FIRST, gpu);
	last = first ? gpu_walk_need(walk, NODE_TEST_BURN_SPEED_LAST, gpu) : NULL;
	if (last)
		judge_end(walk, gpu, first, last);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk,
		     "as fast in the end as in the beginning, and none far behind the others");
}

CHECK(burn_steadiness) = {
	.title = "The GPU ends as fast as it began, and as its neighbours",
	.since = "0.1",
	.needs = "node.test.burn.speed",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.judge = judge,
};
