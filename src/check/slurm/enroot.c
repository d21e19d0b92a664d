#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	if (slurm_applies(seen->machine, found))
		judge_runtime(seen, (struct item){ NODE_SOFTWARE, "software:enroot" },
			      "install Enroot, with a fast local folder for its images", found);
}

CHECK(slurm_enroot) = {
	.title = "Enroot is there to import images",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "containers.enroot containers.enrootImportWorks",
	.judge = judge,
};
