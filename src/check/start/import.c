#include "check/start/timing.h"

/* ClusterMAX 2.0 and 3.0: import torch takes 1 to 2 s on most clouds, the median is 1.8 s; 8 to 20
 * s where the file system is poor. */
static const struct start_bar bar = {
	.kind = "import-time",
	.measure = NODE_TEST_START_MEDIAN,
	.good = 2.0,
	.poor = 10.0,
	.unit = "s",
	.scale = 1,
	.words = "ClusterMAX 2.0 and 3.0: import torch takes 1 to 2 s, 10 to 20 s on poor file "
		 "systems",
	.action = "look at the file system that the packages lie on: a local disk, or one with a "
		  "cache",
};

static void judge(const struct check_input *seen, struct findings *found)
{
	start_judge(seen, found, &bar);
}

CHECK(start_import) = {
	.title = "A large package is imported without delay",
	.since = "0.1",
	.needs = "node.test.start.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
