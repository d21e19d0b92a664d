#include "check/storage/folder.h"

/* Published tests saw file systems fall by up to about 40 % within 7.5 minutes, and a tenth between
 * good ones (ClusterMAX 3.0, as read on 2026-09-25). */
static const double good_percent = 10;
static const double bad_percent = 40;

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *fall;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((fall = machine_next(seen->machine, NODE_TEST_STORAGE_FALL, &at))) {
		const char *device = fall->subject.parts[SUBJECT_DEVICE];
		struct finding *finding;

		if (!device || !tally_need(&tally, NODE_TEST_STORAGE_FALL, device))
			continue;
		if (fall->value <= good_percent) {
			tally_well(&tally, fall);
			continue;
		}
		finding =
			tally_say(&tally, fall->value > bad_percent ? VERDICT_FAIL : VERDICT_WARN,
				  device, fall,
				  "the rate falls by %.0f %% under a lasting load, %.0f %% at most "
				  "expected",
				  fall->value, good_percent);
		finding->bar = "10 %; above 40 % is the worst that was published (ClusterMAX 3.0)";
		finding->action =
			"ask for credits or quotas that run out, and for the lasting rate";
	}
	tally_pass(&tally, "the rate holds under a lasting load");
}

CHECK(storage_endurance) = {
	.title = "File systems keep their speed under a lasting load",
	.since = "0.1",
	.needs = "node.test.storage.fall",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
