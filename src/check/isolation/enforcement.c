#include "check/setting.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct elsewhere elsewhere = {
		"setting:attest:fabric-partition-enforcement",
		"not testable from one tenancy: that traffic with a foreign partition key is "
		"dropped shows only between two",
		"rent two tenancies, and have a transfer between them refused",
	};

	(void)elsewhere_add(seen->machine, &elsewhere, found);
}

CHECK(isolation_enforcement) = {
	.title = "Partition keys are enforced between tenants",
	.since = "0.1",
	.needs = "node.isolation.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
