#include "check/start/timing.h"

/* ClusterMAX 2.0: uv installs torch in 3.2 s at best, 8.5 s in the median, 41.2 s on the slowest of
 * Bronze; pip in 28 s in the median, which warns here: a faster tool is to be had. */
static const struct start_bar bar = {
	.kind = "package-install",
	.measure = NODE_TEST_START_MEDIAN,
	.good = 10.0,
	.poor = 40.0,
	.unit = "s",
	.scale = 1,
	.words = "ClusterMAX 2.0: torch by uv in 8.5 s in the median, 41.2 s on the slowest cloud",
	.action = "look at the mirror of the index, at the way out of the network and at the disk",
};

static void judge(const struct check_input *seen, struct findings *found)
{
	start_judge(seen, found, &bar);
}

CHECK(start_package_install) = {
	.title = "Packages install without delay",
	.since = "0.1",
	.needs = "node.test.start.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
