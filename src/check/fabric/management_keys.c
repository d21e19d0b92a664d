#include "check/setting.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct elsewhere elsewhere = {
		"setting:attest:fabric-management-keys",
		"whether the fabric has a management key and a subnet administration key is not "
		"shown to a node",
		"on the fabric manager: show M_Key and SA_Key, as in the Secured Bare Metal Cloud "
		"profile of UFM; from a tenant: a read-only query that has to be refused",
	};

	(void)elsewhere_add(seen->machine, &elsewhere, found);
}

CHECK(fabric_management_keys) = {
	.title = "Management keys guard the fabric against its tenants",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_INFINIBAND,
	.cmax = "ufm-profile",
	.judge = judge,
};
