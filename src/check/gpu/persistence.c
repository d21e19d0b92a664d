#include <string.h>

#include "check/gpu/walk.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, "nvidia");
	while ((gpu = gpu_walk_next(&walk))) {
		const struct record *one = gpu_walk_need(&walk, NODE_GPU_PERSISTENCE, gpu);
		struct finding *finding;

		if (one && strcmp(one->text, "on") == 0) {
			gpu_walk_well(&walk, one);
		} else if (one && strcmp(one->text, "off") == 0) {
			finding =
				gpu_walk_say(&walk, VERDICT_WARN, gpu, one,
					     "persistence is off, on expected: with no program on "
					     "it the driver forgets its settings and error counts, "
					     "and each start waits for it");
			finding->bar = "on: NVIDIA's advice for data centres";
			finding->action = "run nvidia-persistenced";
		} else if (one) {
			gpu_walk_say(&walk, VERDICT_UNKNOWN, gpu, one,
				     "persistence is '%.40s', neither on nor off", one->text);
		}
	}
	gpu_walk_end(&walk, "persistence is on");
}

CHECK(gpu_persistence) = {
	.title = "The driver stays with the GPU between programs",
	.since = "0.1",
	.needs = "node.gpu.persistence",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_NVIDIA,
	.judge = judge,
};
