/*
 * Which of many endpoints is at fault, from readings of pairs of them. A reading is bad by as much
 * as the worse of its two ends; that hides behind noise, and behind an end that is worse still.
 * Level and noise of healthy readings come from the readings themselves. Pure: the same readings
 * give the same beliefs.
 */
#pragma once

#include "base/arena.h"

enum {
	LOCATE_LEVELS_MAXIMUM = 24,
	LOCATE_BENIGN = 2, /* levels that are no fault: none, and half of the least one */
};

/* How bad one pair looked, in units in which noise adds: minus the logarithm of a rate. */
struct locate_reading {
	uint32_t a, b;
	double badness;
};

/* What a fault of this sort looks like. */
struct locate_channel {
	double least;       /* badness of the least that is a fault, above 0 */
	double most;        /* beyond which all faults look alike */
	double hides;       /* share of the readings in which a fault does not show */
	double odd;         /* share of readings that are odd without a fault: a hiccup */
	double noise_least; /* noise is never taken to be less */
	double prior;       /* share of endpoints that are thought to be at fault beforehand */
	double level;       /* badness of a healthy pair; NaN: as in most pairs */
};

/* What is believed of one endpoint. */
struct locate_belief {
	double fault; /* probability that it is at fault */
	double sound; /* that it is not, to more places than 1 - fault has */
	unsigned readings;
};

struct locate_decoded {
	double level, noise; /* of healthy pairs: badness, and its standard deviation */
	bool is_known; /* there were readings enough to tell a level; else beliefs are priors */
	struct locate_belief *beliefs; /* of each endpoint */
};

enum {
	LOCATE_READINGS_LEAST = 4, /* to tell level and noise */
};

/* Sum-product over the graph of readings, with discrete levels of badness, level and noise
 * estimated anew from the readings of pairs that look healthy. Each end of a reading is below
 * `endpoints`. */
void locate_decode(const struct locate_channel *channel, const struct locate_reading *readings,
		   size_t count, uint32_t endpoints, struct arena *arena,
		   struct locate_decoded *ret_decoded);
