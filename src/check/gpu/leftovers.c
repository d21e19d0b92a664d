#include <string.h>

#include "check/gpu/walk.h"

/* Without a program the driver itself holds some hundred MiB of a GPU; more than this is what a
 * program left behind. */
static const double memory_bytes = 1073741824.0;

/* What keeps the processes of others from being seen; NULL for nothing. */
static const char *hides_processes(const struct machine *machine, const char *gpu)
{
	const char *container = machine_state(machine, NODE_CONTAINER, NULL);

	if (machine_state_is(machine, NODE_GPU_PARTITION, gpu, "mig"))
		return "it is divided (MIG)";
	if (container && strcmp(container, "none") != 0)
		return "this is a container";
	return NULL;
}

static void judge_processes(struct gpu_walk *walk, const char *gpu, const struct record *processes)
{
	const struct record *use = gpu_walk_need(walk, NODE_GPU_UTILISATION, gpu);
	struct finding *finding;

	if (!use)
		return;
	/* A job that computes is nobody's leftover, as far as can be told from here. */
	if (use->value > 0.0) {
		finding_rests_on(gpu_walk_say(walk, VERDICT_NOT_APPLICABLE, gpu, use,
					      "%.0f processes are at work on it", processes->value),
				 processes);
		return;
	}
	finding = gpu_walk_say(walk, VERDICT_WARN, gpu, processes,
			       "%.0f processes hold it and compute nothing, none expected between "
			       "jobs",
			       processes->value);
	finding->bar = "no process on an idle GPU";
	finding->action = "end them when no job of theirs runs";
	finding_rests_on(finding, use);
}

static void judge_memory(struct gpu_walk *walk, const char *gpu, const struct record *processes)
{
	const struct record *used = gpu_walk_need(walk, NODE_GPU_MEMORY_USED, gpu);
	const char *hidden = hides_processes(walk->machine, gpu);
	struct finding *finding;

	if (!used)
		return;
	if (used->value <= memory_bytes) {
		gpu_walk_well(walk, used);
		return;
	}
	if (hidden) {
		gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, used,
			     "%.1f GiB of its memory are in use; whose they are cannot be seen, "
			     "for %s",
			     used->value / memory_bytes, hidden);
		return;
	}
	finding = gpu_walk_say(walk, VERDICT_WARN, gpu, used,
			       "%.1f GiB of its memory are in use and no process is on it, under "
			       "1 GiB expected",
			       used->value / memory_bytes);
	finding->bar = "1 GiB: what the driver alone holds is less";
	finding->action = "look for a process that cannot end; reset the GPU between jobs";
	finding_rests_on(finding, processes);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk))) {
		const struct record *one = gpu_walk_need(&walk, NODE_GPU_PROCESSES, gpu);

		if (one && one->value > 0.5)
			judge_processes(&walk, gpu, one);
		else if (one)
			judge_memory(&walk, gpu, one);
	}
	gpu_walk_end(&walk, "no process and no memory left behind");
}

CHECK(gpu_leftovers) = {
	.title = "No earlier job is left on the GPU",
	.since = "0.1",
	.needs = "node.gpu.processes",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.parts = PART_GPU,
	.settle_s = 60,
	.judge = judge,
};
