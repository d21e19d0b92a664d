#include "check/start/timing.h"

/* ClusterMAX 2.0: phi-4 (29.3 GB in bf16) takes 35 s in the median, 6.7 Gb/s, and the way out of
 * the network carries 4.5 Gb/s in the median of clouds: that is the bar. Four minutes for it is
 * poor. */
static const struct start_bar bar = {
	.kind = "model-download",
	.measure = NODE_TEST_START_RATE,
	.good = 29.3e9 / 52,
	.poor = 29.3e9 / 240,
	.unit = "Gb/s",
	.scale = 1e9 / 8,
	.words = "ClusterMAX 2.0: 4.5 Gb/s down in the median of clouds; phi-4 in 35 s is 6.7 Gb/s",
	.action = "look for a mirror or an object store near by, and at the way out of the network",
};

static void judge(const struct check_input *seen, struct findings *found)
{
	start_judge(seen, found, &bar);
}

CHECK(start_model_download) = {
	.title = "Models arrive at the speed of the network",
	.since = "0.1",
	.needs = "node.test.start.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
