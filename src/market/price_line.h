/*
 * What the level and its bootstrap share: the votes as a sorted line of prices, of which each
 * counts so many times.
 */
#pragma once

#include "market/level.h"

/* Votes in the order of their prices, of equal ones in that of their providers' names. */
struct price_line {
	double *usd, *logs;
	uint32_t *counts, *votes; /* each 1; which vote it is */
	struct weighted *scratch;
	bool *dropped;
	size_t count;
};

void votes_line_up(const struct votes *votes, struct arena *arena, struct price_line *ret_prices);

/* The level of prices in ascending order, of which each counts `counts[i]` times (0: not there).
 * `scratch` has room for all and gets their weights; `dropped` (may be NULL) gets which are too
 * far. NAN when none counts. */
double level_counted(const double *usd, const double *logs, const uint32_t *counts, size_t count,
		     struct weighted *scratch, bool *dropped);
