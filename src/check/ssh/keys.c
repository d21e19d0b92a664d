#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct elsewhere elsewhere = {
		"setting:attest:ssh-keys",
		"whether a key that is added once opens every node is not shown by one of them",
		"add a key, then: ssh -o BatchMode=yes to each node, a replaced one too",
	};

	if (slurm_applies(seen->machine, found))
		(void)elsewhere_add(seen->machine, &elsewhere, found);
}

CHECK(ssh_keys) = {
	.title = "SSH keys reach every node by themselves",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
