#include "check/floor.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	(void)floor_find_software(seen, "cuda", "software:cuda", "CUDA toolkit", found);
}

CHECK(cuda_floor) = {
	.title = "The CUDA toolkit is at or above its floor",
	.since = "0.1",
	.needs = "node.software",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_NVIDIA,
	.cmax = "securityVersions.cudaToolkit.status",
	.judge = judge,
};
