#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct elsewhere elsewhere = {
		"setting:attest:kubernetes-roles",
		"who has which rights in the cluster, such as get on nodes/proxy, is known to its "
		"API alone",
		"with a kubeconfig: kubectl auth can-i --list, and kubectl get clusterroles -o "
		"yaml for nodes/proxy",
	};

	if (kubernetes_applies(seen->machine, found))
		(void)elsewhere_add(seen->machine, &elsewhere, found);
}

CHECK(kubernetes_roles) = {
	.title = "The renter has the rights that the work needs and others have not",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "kubernetes-nodes-proxy",
	.judge = judge,
};
