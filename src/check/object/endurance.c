#include "check/fall.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	fall_judge(seen, found, NODE_TEST_OBJECT_FALL,
		   "10 %, and 40 % to fail: as for file systems (ClusterMAX 3.0)",
		   "ask for limits of requests, and for the lasting rate");
}

CHECK(object_endurance) = {
	.title = "The object store keeps its speed under a lasting load",
	.since = "0.1",
	.needs = "node.test.object.fall",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
