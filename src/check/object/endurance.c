#include "check/object/store.h"

/* As for file systems: published tests saw a tenth between good ones and up to about 40 % at the
 * worst within 7.5 minutes (ClusterMAX 3.0, as read on 2026-09-25). None was published of object
 * stores. */
static const double good_percent = 10;
static const double bad_percent = 40;

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *fall;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((fall = machine_next(seen->machine, NODE_TEST_OBJECT_FALL, &at))) {
		const char *device = fall->subject.parts[SUBJECT_DEVICE];
		struct finding *finding;

		if (!store_of(device, "mixed") ||
		    !tally_need(&tally, NODE_TEST_OBJECT_FALL, device))
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
		finding->bar = "10 %, and 40 % to fail: as for file systems (ClusterMAX 3.0)";
		finding->action = "ask for limits of requests, and for the lasting rate";
	}
	tally_pass(&tally, "the rate holds under a lasting load");
}

CHECK(object_endurance) = {
	.title = "The object store keeps its speed under a lasting load",
	.since = "0.1",
	.needs = "node.test.object.fall",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
