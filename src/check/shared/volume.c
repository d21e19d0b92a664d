#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct elsewhere elsewhere = {
		"setting:attest:shared-volume",
		"volumes that pods of several nodes write belong to the cluster; one node does not "
		"show them",
		"in the cluster: a claim with ReadWriteMany and two pods on two nodes that write "
		"and read it",
	};

	if (kubernetes_applies(seen->machine, found))
		(void)elsewhere_add(seen->machine, &elsewhere, found);
}

CHECK(shared_volume) = {
	.title = "Pods on many nodes can write one volume",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "storage.rwxStatus",
	.judge = judge,
};
