#include "check/floor.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	(void)floor_find_software(seen, "nvidia-container-toolkit",
				  "software:nvidia-container-toolkit", "NVIDIA container toolkit",
				  found);
}

CHECK(container_toolkit_floor) = {
	.title = "The NVIDIA container toolkit is at or above its floor",
	.since = "0.1",
	.needs = "node.software",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_NVIDIA,
	.cmax = "securityVersions.nvidiaContainerToolkit.status",
	.judge = judge,
};
