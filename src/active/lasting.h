/*
 * A lasting load, measured in parts one after the other: by how much it fell from the first fifth
 * of them to the last.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

enum {
	LASTING_PARTS_MAXIMUM = 15,
	LASTING_ENDS = 5,     /* the first and the last fifth are compared */
	LASTING_LEAST_S = 60, /* of load: bursts, credits and caches outlast less than that */
};

/* `struct lasting l = { 0 };` is ready. */
struct lasting {
	double rates[LASTING_PARTS_MAXIMUM]; /* of each part, in any unit */
	unsigned count;
	double seconds; /* of all parts together */
};

/* One more part; at most LASTING_PARTS_MAXIMUM. */
void lasting_add(struct lasting *lasting, double rate, double seconds);

/* Mean rates of the first and the last fifth, and the lowest of all; 0 of less than five parts. */
double lasting_first(const struct lasting *lasting);
double lasting_last(const struct lasting *lasting);
double lasting_worst(const struct lasting *lasting);

/* Percent; what got faster did not fall. False, and why, when that is nothing to compare: the load
 * was too short, or nothing succeeded at its start. */
bool lasting_fall(const struct lasting *lasting, struct arena *arena, double *ret_percent,
		  const char **ret_why);
