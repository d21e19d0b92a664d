#include "check/fall.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	fall_judge(seen, found, NODE_TEST_STORAGE_FALL,
		   "10 %; above 40 % is the worst that was published (ClusterMAX 3.0)",
		   "ask for credits or quotas that run out, and for the lasting rate");
}

CHECK(storage_endurance) = {
	.title = "File systems keep their speed under a lasting load",
	.since = "0.1",
	.needs = "node.test.storage.fall",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
