/*
 * Which quotes of a selection count on a day, and why the others do not: judged before any
 * estimator sees a price, and counted. docs/index-method.md, section 2.
 */
#pragma once

#include "market/selection.h"

enum {
	LOOK_SLOT_S = 600,        /* a look of a source goes on while no ten minutes are empty */
	LOOK_SLOTS_MAXIMUM = 144, /* and for a day at most */
	ELIGIBLE_WINDOW_DAYS = 7, /* that a quote stands without being seen again */
	ELIGIBLE_WINDOW_MAXIMUM = 92, /* that a window may have: a quarter */
};

/* Quotes of a source below it are not taken: CCIR Methodology 1.1.0, and its successors. */
#define ELIGIBLE_RELIABILITY 0.90f

struct eligible {
	const struct selection *selection;
	date_t day;
	unsigned window_days;
	uint8_t *
		verdicts; /* enum refusal of each quote of the selection; REFUSAL_NONE: it counts */
	uint64_t counts[REFUSAL_COUNT]; /* of the whole book; REFUSAL_NONE: those that count */
	uint32_t providers_seen, providers_stale; /* in the 91 days before; of them without a
						   * quote in the window */
};

/* A quote that a newer look of its source has not confirmed is superseded; quotes without a source
 * are superseded by what is newer by a day of the same offer. */
void eligible_judge(const struct selection *selection, date_t day, unsigned window_days,
		    struct arena *arena, struct eligible *ret_eligible);

/* Changes the verdict of one quote, by place in the selection, and the counts with it. */
void eligible_change(struct eligible *eligible, size_t place, enum refusal verdict);

/* True for each quote that counts, as selection_hash takes it. */
const bool *eligible_taken(const struct eligible *eligible, struct arena *arena);
