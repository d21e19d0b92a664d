#include "check/start/timing.h"

#include <string.h>

static const double path_share = 0.5;

static bool is_rate(const struct start_bar *bar)
{
	return bar->good > bar->poor;
}

static enum verdict verdict_on(double value, const struct start_bar *bar)
{
	if (is_rate(bar))
		return value >= bar->good ? VERDICT_PASS
					  : (value < bar->poor ? VERDICT_FAIL : VERDICT_WARN);
	return value <= bar->good ? VERDICT_PASS
				  : (value >= bar->poor ? VERDICT_FAIL : VERDICT_WARN);
}

void start_judge_record(struct tally *tally, const struct record *record,
			const struct start_bar *bar)
{
	enum verdict verdict = verdict_on(record->value, bar);
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	struct finding *finding;

	if (verdict == VERDICT_PASS) {
		tally_well(tally, record);
		return;
	}
	finding = tally_say(tally, verdict, device, record, "%.2f %s, %s%.2f %s expected",
			    record->value / bar->scale, bar->unit, is_rate(bar) ? "" : "at most ",
			    bar->good / bar->scale, bar->unit);
	finding->bar = bar->words;
	finding->action = bar->action;
}

static void judge_path(struct tally *tally, const struct record *rate, const struct start_bar *bar)
{
	const char *device = rate->subject.parts[SUBJECT_DEVICE];
	struct finding *finding;
	double path;

	if (!machine_value(tally->machine, NODE_TEST_START_PATH, device, &path) ||
	    rate->value >= path * path_share)
		return;
	finding = tally_say(tally, VERDICT_WARN, device, rate,
			    "%.2f %s, %.0f %% of the %.2f %s that its path allows",
			    rate->value / bar->scale, bar->unit, 100 * rate->value / path,
			    path / bar->scale, bar->unit);
	finding->bar = "what the file of commands says of the path; half of it is expected";
	finding->action = bar->action;
}

static void judge_command(struct tally *tally, const char *device, const struct start_bar *bar)
{
	const struct record *record;

	if (!tally_need(tally, NODE_TEST_START_MEDIAN, device))
		return;
	if (is_rate(bar) && !machine_find(tally->machine, bar->measure, device)) {
		tally_say(tally, VERDICT_UNKNOWN, device,
			  machine_find(tally->machine, NODE_TEST_START_MEDIAN, device),
			  "how many bytes it moves is not told: no rate");
		return;
	}
	record = tally_need(tally, bar->measure, device);
	if (!record)
		return;
	start_judge_record(tally, record, bar);
	if (is_rate(bar))
		judge_path(tally, record, bar);
}

void start_judge(const struct check_input *seen, struct findings *found,
		 const struct start_bar *bar)
{
	const struct record *one;
	struct tally tally;
	size_t at = 0, count = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(seen->machine, NODE_TEST_START_KIND, &at))) {
		if (one->says != SAYS_STATE || strcmp(one->text, bar->kind) != 0)
			continue;
		judge_command(&tally, one->subject.parts[SUBJECT_DEVICE], bar);
		count++;
	}
	if (count == 0) {
		findings_add(found, VERDICT_UNKNOWN, NULL, "no command of the kind %s was timed",
			     bar->kind);
		return;
	}
	tally_pass(&tally, "%zu command%s: within %.2f %s", tally.well, plural(tally.well),
		   bar->good / bar->scale, bar->unit);
}
