#include "check/floor.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	(void)floor_find_software(seen, "hpc-sdk", "software:hpc-sdk", "HPC SDK", found);
}

CHECK(hpc_sdk_window) = {
	.title = "The HPC SDK is the current release or the one before",
	.since = "0.1",
	.needs = "node.software",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "software.nvhpc.status",
	.judge = judge,
};
