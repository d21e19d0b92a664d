#include <string.h>

#include "check/start/timing.h"

/* Reports of 2025: 99.6 % of nodes are up within 2 to 3 minutes on the best cloud, more than 5 on
 * smaller ones (Modal); instances take 25 s to 30 minutes (ClusterMAX 1.0 and 2.0). */
static const struct start_bar instance = {
	.good = 180,
	.poor = 1800,
	.unit = "s",
	.scale = 1,
	.words = "Modal: 2 to 3 minutes on the best cloud; ClusterMAX: up to 30 minutes on the "
		 "slowest",
	.action = "ask the provider what a node waits for after it was asked for",
};

/* From the kernel on: what the firmware takes is not in it. */
static const struct start_bar kernel = {
	.good = 180,
	.poor = 600,
	.unit = "s",
	.scale = 1,
	.words = "Modal: a whole boot takes 2 to 3 minutes on the best cloud, more than 5 on "
		 "smaller ones",
	.action = "look at what the start-up waits for (systemd-analyze critical-chain)",
};

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *one;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(seen->machine, NODE_TEST_START_BOOT, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (!device || !tally_need(&tally, NODE_TEST_START_BOOT, device))
			continue;
		start_judge_record(&tally, one,
				   strcmp(device, "boot:instance") == 0 ? &instance : &kernel);
	}
	tally_pass(&tally, "the node was usable within %.0f s", instance.good);
}

CHECK(start_boot) = {
	.title = "A node is usable soon after it was asked for",
	.since = "0.1",
	.needs = "node.test.start.boot",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
