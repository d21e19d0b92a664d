#include "check/gpu/spread.h"
#include "check/gpu/walk.h"

/* In percent; this project's bars, no vendor states any. Chips of one model differ by some percent
 * in what they draw for the same work; a GPU this far beyond its neighbours pays for something else
 * than work: leakage of a chip that is too warm, or a voltage that is too high. */
static const double dearer_warn = 8, dearer_fail = 16;
static const double deviations = 3;

enum {
	PEERS_MINIMUM = 3,
	GPUS_MAXIMUM = 64,
};

/* FLOP a joule under full load; 0 when one of both is not known. */
static double work_of(const struct machine *machine, const char *gpu)
{
	double speed = 0, power = 0;

	if (!machine_value(machine, NODE_TEST_BURN_SPEED, gpu, &speed) ||
	    !machine_value(machine, NODE_TEST_BURN_POWER, gpu, &power) || !(power > 0))
		return 0;
	return speed / power;
}

static struct spread all_work(const struct machine *machine)
{
	double values[GPUS_MAXIMUM];
	const struct record *one;
	size_t count = 0, at = 0;

	while (count < GPUS_MAXIMUM && (one = machine_next(machine, NODE_TEST_BURN_POWER, &at))) {
		double work = work_of(machine, one->subject.parts[SUBJECT_DEVICE]);

		if (work > 0)
			values[count++] = work;
	}
	return spread_of(values, count);
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *power = gpu_walk_need(walk, NODE_TEST_BURN_POWER, gpu);
	const struct record *speed = power ? gpu_walk_need(walk, NODE_TEST_BURN_SPEED, gpu) : NULL;
	struct spread all = all_work(walk->machine);
	double work = work_of(walk->machine, gpu);
	struct finding *finding;

	if (!speed)
		return;
	double dearer = work > 0 ? 100 * (all.median / work - 1) : 0;
	if (all.count <= PEERS_MINIMUM) {
		finding = gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, power,
				       "%.0f W for %.0f TFLOP/s: nothing to compare it with, "
				       "%zu GPUs of the node told both",
				       power->value, speed->value / 1e12, all.count);
	} else if (dearer < dearer_warn || work > all.median - deviations * all.deviation) {
		gpu_walk_well(walk, power);
		return;
	} else {
		finding = gpu_walk_say(
			walk, dearer < dearer_fail ? VERDICT_WARN : VERDICT_FAIL, gpu, power,
			"%.0f W for %.0f TFLOP/s: a joule does %.2f TFLOP, the "
			"middle of the node %.2f (%.0f %% more power for the "
			"same work)",
			power->value, speed->value / 1e12, work / 1e12, all.median / 1e12, dearer);
		finding->action = "compare its temperature, power limit and clock with its "
				  "neighbours'; power for nothing is heat and rent";
	}
	finding->bar = "8 % more power for the same work than in the middle of the node is told, "
		       "16 % fails";
	finding_rests_on(finding, speed);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "as much work for its power as the others of the node");
}

CHECK(burn_efficiency) = {
	.title = "The GPU does as much for its power as its neighbours",
	.since = "0.1",
	.needs = "node.test.burn.power",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.judge = judge,
};
