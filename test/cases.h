/*
 * For property tests: made-up cases, each with its rating, and what a change of the facts does.
 */
#pragma once

#include "test/falls.h"
#include "test/invent.h"

enum {
	CASES = 500,
	CASES_ENOUGH = 300, /* so many of them have to have something to change */
};

/* `struct invented one` is filled by invented_make; it must not move afterwards. */
struct invented {
	uint32_t seed;
	struct arena arena;
	struct dice dice;
	struct standard standard;
	struct facts facts;
	struct rating_request request;
	struct rated before; /* of the facts as they were when last rated */
};

/* A standard, facts and their rating with so many draws, in any of the profiles. */
void invented_make(uint32_t seed, uint32_t draws, struct invented *into);
void invented_release(struct invented *one);

#define SCOPED_INVENTED(name) \
	struct invented name __attribute__((cleanup(invented_release))) = { 0 }

/* Rates the facts as they are now into one->before. */
void invented_settle(struct invented *one);

/* Rates the facts as they are now: what fell, or rose, against one->before; NULL when nothing
 * did. The text names the seed and lives as long as the case. */
const char *invented_falls(struct invented *one, unsigned falls);
const char *invented_rises(struct invented *one, unsigned falls);

/* What a record bears on; NULL when it is no criterion. */
const struct criterion *invented_criterion(const struct invented *one, const struct record *record);

/* Index of some record that answers a criterion, mostly one that decides it in some unit; -1 when
 * a few tries find none. */
int32_t invented_result(struct invented *one);
