#include "check/fall.h"

/* Published tests saw file systems fall by up to about 40 % within 7.5 minutes, and a tenth between
 * good ones (ClusterMAX 3.0, as read on 2026-09-25). None was published of object stores. */
static const double good_percent = 10;
static const double bad_percent = 40;

static void judge_one(struct tally *tally, const struct record *fall, const char *bar,
		      const char *action)
{
	enum verdict verdict = fall->value > bad_percent ? VERDICT_FAIL : VERDICT_WARN;
	struct finding *finding;

	if (fall->value <= good_percent) {
		tally_well(tally, fall);
		return;
	}
	finding = tally_say(
		tally, verdict, fall->subject.parts[SUBJECT_DEVICE], fall,
		"the rate falls by %.0f %% under a lasting load, %.0f %% at most expected",
		fall->value, good_percent);
	finding->bar = bar;
	finding->action = action;
}

void fall_judge(const struct check_input *seen, struct findings *found, enum measure measure,
		const char *bar, const char *action)
{
	const struct record *fall;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((fall = machine_next(seen->machine, measure, &at))) {
		const char *device = fall->subject.parts[SUBJECT_DEVICE];

		if (device && tally_need(&tally, measure, device))
			judge_one(&tally, fall, bar, action);
	}
	tally_pass(&tally, "the rate holds under a lasting load");
}
