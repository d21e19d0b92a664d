#include "check/start/timing.h"

/* ClusterMAX 2.0, an image of 22.1 GB: below 10 s on Platinum, 45 to 60 s on Gold, 90 to 120 s on
 * Silver, more than 4 minutes on many of Bronze. As rates, so that any image counts. */
static const struct start_bar bar = {
	.kind = "image-pull",
	.measure = NODE_TEST_START_RATE,
	.good = 22.1e9 / 60,
	.poor = 22.1e9 / 240,
	.unit = "Gb/s",
	.scale = 1e9 / 8,
	.words = "ClusterMAX 2.0, 22.1 GB: Gold 45 to 60 s (2.95 Gb/s), many of Bronze above 4 min "
		 "(0.74 Gb/s)",
	.action = "look for a registry or a cache near by, at the unpacking disk and at the way "
		  "out of the network",
};

static void judge(const struct check_input *seen, struct findings *found)
{
	start_judge(seen, found, &bar);
}

CHECK(start_image_pull) = {
	.title = "Container images arrive at the speed of the network",
	.since = "0.1",
	.needs = "node.test.start.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
