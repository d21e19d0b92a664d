#include "check/gpu/walk.h"

/* Clocks are set in steps of 15 MHz: a limit less than a step below the maximum is none. */
static const double step_mhz = 15;

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *highest = gpu_walk_need(walk, NODE_GPU_CLOCK_MAXIMUM, gpu);
	const struct record *limit = machine_find(walk->machine, NODE_GPU_CLOCK_LIMIT, gpu);
	struct finding *finding;

	if (!highest)
		return;
	/* Where no limit is set there is no record of one; one that could not be read is. */
	if (!limit) {
		gpu_walk_well(walk, highest);
		return;
	}
	limit = gpu_walk_need(walk, NODE_GPU_CLOCK_LIMIT, gpu);
	if (!limit)
		return;
	if (limit->value > highest->value - step_mhz) {
		gpu_walk_well(walk, limit);
		return;
	}
	finding = gpu_walk_say(walk, VERDICT_WARN, gpu, limit,
			       "its clock is held at %.0f MHz, it could reach %.0f MHz",
			       limit->value, highest->value);
	finding->bar = "the highest clock of the GPU itself";
	finding->action = "lift the limit, or say why it is set (nvidia-smi -rgc)";
	finding_rests_on(finding, highest);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "no limit is set on the clock");
}

CHECK(gpu_clock_limit) = {
	.title = "No limit holds the GPU's clock down",
	.since = "0.1",
	.needs = "node.gpu.clock",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_GPU,
	.judge = judge,
};
