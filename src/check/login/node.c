#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct elsewhere elsewhere = {
		"setting:attest:login-node",
		"whether the cluster has a login node without GPUs is not shown by one of its "
		"other nodes",
		"on the login node: assay inventory; it has no GPUs and Slurm's commands work",
	};

	if (slurm_applies(seen->machine, found))
		(void)elsewhere_add(seen->machine, &elsewhere, found);
}

CHECK(login_node) = {
	.title = "A login node without GPUs comes with the cluster",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
