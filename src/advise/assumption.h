/*
 * What the guide presumes where neither the need nor a quote says it: one table of parameters, each
 * with its range and source, changed by --preset and --set. An offer never gains by keeping silent:
 * what is not known of it is charged at the dear end.
 */
#pragma once

#include "model/parameter.h"

enum assumption {
	ASSUMES_MTBF,         /* GPU-hours between failures that stop the job */
	ASSUMES_RECLAIM,      /* reclaims of one spot node in an hour */
	ASSUMES_TOGETHER,     /* spot nodes that go at once */
	ASSUMES_WAIT,         /* s until another spot node is there */
	ASSUMES_DETECT,       /* s until a failure is noticed */
	ASSUMES_NETWORK,      /* share of the reference that an unknown network has */
	ASSUMES_STORAGE,      /* USD of a GB for a month */
	ASSUMES_EGRESS,       /* USD of a GB */
	ASSUMES_SETUP,        /* hours of the team before the first useful one */
	ASSUMES_ATTENDED,     /* hours of the team for one interruption */
	ASSUMES_PRICE_AGE,    /* days after which a price is none any more */
	ASSUMES_PRICE_WINDOW, /* days whose prices make the range of today's */
	ASSUMES_COUNT,
};

extern const struct parameter_table assumption_table; /* "advise", ASSUMES_COUNT rows */

/* Defaults with their ranges. */
void assumptions_init(struct parameters *assumptions);

/* Which end of a range: where the hour is cheap, where it is expected, where it is dear. */
enum corner {
	CORNER_CHEAP,
	CORNER_VALUE,
	CORNER_DEAR,
	CORNER_COUNT,
};

/* `more_is_dear`: of a rate or a price; else of a time between failures or a speed. */
double quantity_at(struct quantity quantity, enum corner corner, bool more_is_dear);
