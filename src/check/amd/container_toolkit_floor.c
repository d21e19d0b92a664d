#include "check/floor.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	(void)floor_find_software(seen, "amd-container-toolkit", "software:amd-container-toolkit",
				  "AMD container toolkit", found);
}

CHECK(amd_container_toolkit_floor) = {
	.title = "The AMD container toolkit is at or above its floor",
	.since = "0.1",
	.needs = "node.software",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
