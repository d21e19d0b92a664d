#include "check/gpu/reach.h"

#include <string.h>

/* A log that begins within this time is whole: the first messages have no later stamp. */
static const double from_start_s = 60.0;

static bool is_refused(const struct machine *machine, enum measure topic)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, topic, &at)))
		if (one->says == SAYS_UNKNOWN)
			return true;
	return false;
}

bool log_reach(const struct machine *machine, enum measure topic, struct arena *arena,
	       struct log_reach *ret_reach)
{
	struct log_reach reach = { .words = "since the start of the kernel" };
	double from_s = 0.0, dropped = 0.0, uptime_s;

	if (is_refused(machine, topic) ||
	    !machine_value(machine, NODE_LOG_LINES, NULL, &reach.lines) || reach.lines <= 0.0)
		return false;
	/* Lines without any time are no log of the kernel, and what they leave out is not known. */
	if (machine_find(machine, NODE_LOG_FROM, NULL) &&
	    !machine_value(machine, NODE_LOG_FROM, NULL, &from_s))
		return false;
	if (!machine_find(machine, NODE_LOG_FROM, NULL))
		reach.words = "(from when on is not known)";
	else if (from_s > from_start_s)
		reach.words = arena_format(
			arena, "only from %.0f s after the start of the kernel on", from_s);
	if (machine_value(machine, NODE_LOG_DROPPED, NULL, &dropped) && dropped > 0.0)
		reach.words =
			arena_format(arena, "%s, less %.0f lines of interest beyond what is kept",
				     reach.words, dropped);
	if (machine_value(machine, NODE_UPTIME, NULL, &uptime_s) && uptime_s > from_s)
		reach.span_h = (uptime_s - from_s) / 3600.0;
	*ret_reach = reach;
	return true;
}

void log_add_unknown(const struct machine *machine, enum measure topic, struct findings *found)
{
	const struct record *lines = machine_find(machine, NODE_LOG_LINES, NULL);
	struct finding *finding;

	if (is_refused(machine, topic)) {
		finding = findings_add_unknown(found, machine, topic, NULL);
	} else if (lines && lines->says == SAYS_VALUE && lines->value > 0.0) {
		finding = findings_add_unknown(found, machine, NODE_LOG_FROM, NULL);
	} else if (lines && lines->says == SAYS_VALUE) {
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "the kernel log is empty: it does not show what was");
		finding_rests_on(finding, lines);
	} else {
		finding = findings_add_unknown(found, machine, NODE_LOG_LINES, NULL);
	}
	finding->action = "let assay read /dev/kmsg: run it as root, outside of a container";
}

void log_rests_on(const struct machine *machine, struct finding *finding)
{
	finding_rests_on(finding, machine_find(machine, NODE_LOG_LINES, NULL));
	finding_rests_on(finding, machine_find(machine, NODE_LOG_FROM, NULL));
	finding_rests_on(finding, machine_find(machine, NODE_LOG_DROPPED, NULL));
}

/* What the ids of one look begin with. */
static struct span run_of(const struct record *record)
{
	struct span run = span_of(record->id);

	while (run.length > 0 && run.at[run.length - 1] != '.')
		run.length--;
	return run;
}

bool log_is_told_twice(const struct machine *machine, enum measure topic,
		       const struct record *message)
{
	/* The time of a message is reckoned from the start of the kernel, at each look anew. */
	static const int64_t slack_s = 2;
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, topic, &at)))
		if (one->says == SAYS_TEXT && strcmp(one->text, message->text) == 0 &&
		    one->time <= message->time + slack_s && one->time >= message->time - slack_s &&
		    span_compare(run_of(one), run_of(message)) < 0)
			return true;
	return false;
}
