/*
 * By how much a rate falls under a lasting load: what checks of file systems and of object stores
 * share.
 */
#pragma once

#include "check/tally.h"

/* Judges each record of the measure, in percent; an unknown one is said so, with its reason. `bar`
 * and `action` are those of a finding that is not well. */
void fall_judge(const struct check_input *seen, struct findings *found, enum measure measure,
		const char *bar, const char *action);
