/*
 * What the measures of active tests settle of the standard: criteria whose `settled_by` names a
 * measurement. A criterion is settled when all that its rule needs is known, and not at all
 * otherwise; one node settles nothing that is about several, except that it shows a fault.
 */
#pragma once

#include "check/check.h"

enum {
	SETTLED_ANSWERS_MAXIMUM = 4,
};

/* One criterion that was settled. */
struct settled {
	const char *criterion;
	const char *answer; /* NULL for a value */
	double value;
	const char *unit;
	const char *excerpt; /* the rule and the ids of the records that it rests on */
};

struct settling;

/* A rule. */
struct settled_row {
	const char *criterion;
	const char *unit; /* NULL: an answer */
	const char *answers[SETTLED_ANSWERS_MAXIMUM];
	const char *rule; /* what it does, for the excerpt */
	/* Fills in value or answer; false when something that it needs is not known. */
	bool (*settle)(struct settling *settling, struct settled *into);
};

extern const struct settled_row settled_rows[];
extern const size_t settled_row_count;

/* The criteria that seen->machine settles, in the order of the rows; all of it in `arena`. */
size_t settled_find(const struct check_input *seen, struct arena *arena,
		    struct settled **ret_settled);
