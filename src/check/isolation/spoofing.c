#include "check/setting.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct elsewhere elsewhere = {
		"setting:attest:fabric-guid-spoofing",
		"not testable without changing the fabric: whether an address that is not one's "
		"own would be taken",
		"ask for the setting of the subnet manager (sa_check_sgid_spoofing)",
	};

	(void)elsewhere_add(seen->machine, &elsewhere, found);
}

CHECK(isolation_spoofing) = {
	.title = "Addresses of others cannot be taken",
	.since = "0.1",
	.needs = "node.isolation.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
