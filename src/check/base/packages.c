#include "check/software.h"

static const struct item items[] = {
	{ NODE_SOFTWARE, "software:python" },
	{ NODE_SOFTWARE, "software:git" },
	{ NODE_SOFTWARE, "software:curl" },
	{ NODE_SOFTWARE, "software:vim" },
};

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct demand demand = {
		.items = items,
		.count = sizeof(items) / sizeof(items[0]),
		.tolerated = 2,
		.lacking = VERDICT_FAIL,
		.action = "install what lacks into the image",
	};

	demand_all(seen, &demand, found);
}

CHECK(base_packages) = {
	.title = "The usual command line tools are on the node",
	.since = "0.1",
	.needs = "node.software",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
