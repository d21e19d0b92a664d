#include <string.h>

#include "check/gpu/walk.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, "nvidia");
	while ((gpu = gpu_walk_next(&walk))) {
		const struct record *one = gpu_walk_need(&walk, NODE_GPU_INFOROM, gpu);
		struct finding *finding;

		if (one && strcmp(one->text, "corrupt") != 0)
			gpu_walk_well(&walk, one);
		if (!one || strcmp(one->text, "corrupt") != 0)
			continue;
		finding = gpu_walk_say(&walk, VERDICT_FAIL, gpu, one,
				       "its InfoROM is corrupt, a valid image expected");
		finding->bar = "a valid image (nvmlDeviceValidateInforom)";
		finding->action = "drain; run the field diagnostics; return the GPU when they fail";
		finding->clears = "the exchange of the GPU, or a repaired InfoROM";
	}
	gpu_walk_end(&walk, "the InfoROM is valid");
}

CHECK(gpu_inforom) = {
	.title = "The GPU's own record of its faults is valid",
	.since = "0.1",
	.needs = "node.gpu.inforom",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_NVIDIA,
	.judge = judge,
};
