#include "check/floor.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	(void)floor_find_software(seen, "runc", "software:runc", "runc", found);
}

CHECK(runc_floor) = {
	.title = "runc is at or above the floor of its branch",
	.since = "0.1",
	.needs = "node.software",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "securityVersions.runc.status",
	.judge = judge,
};
