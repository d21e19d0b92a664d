#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct elsewhere elsewhere = {
		"setting:attest:node-ssh",
		"whether a job's user may go to the next node of the allocation shows only inside "
		"an allocation",
		"in an allocation of two nodes: ssh -o BatchMode=yes OTHER hostname",
	};

	if (slurm_applies(seen->machine, found))
		(void)elsewhere_add(seen->machine, &elsewhere, found);
}

CHECK(slurm_node_ssh) = {
	.title = "Nodes of an allocation reach each other by SSH",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "access.sshToComputeNodes",
	.judge = judge,
};
