/*
 * Judging what the test "start" took the time of: one bar for each kind of command.
 */
#pragma once

#include "check/tally.h"

struct start_bar {
	const char *kind;     /* of node.test.start.kind */
	enum measure measure; /* a time, or a rate, which is better when it is higher */
	double good, poor;    /* up to or from here it is well; from or below here it fails; between
			       * them it warns. In the unit of the measure */
	const char *unit;     /* as people say it */
	double scale;         /* of one such unit */
	const char *words, *action;
};

/* Judges every command of the kind. A rate is judged against the path too, where that is told: less
 * than half of what it allows warns. */
void start_judge(const struct check_input *seen, struct findings *found,
		 const struct start_bar *bar);

/* One record against the bar, about its device. */
void start_judge_record(struct tally *tally, const struct record *record,
			const struct start_bar *bar);
