/*
 * Medians of prices: plain, weighted with a cap, and what lies too far from them. All work on
 * positive finite numbers, change the order of what they are given, and do not depend on that
 * order. docs/index-method.md, section 3.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The middle one, of an even count the mean of the two; NAN of none. */
double median_of(double *values, size_t count);

/* The value below which `share` of them lie, from 0 to 1, between two by their distance; NAN of
 * none. */
double quantile_of(double *values, size_t count, double share);

/* A value that counts as so many. */
struct counted {
	double value;
	uint32_t count; /* at least 1 */
};

/* The median of the list in which each value stands as often as it counts; NAN of none. */
double median_counted(struct counted *values, size_t count);

/* A value with a share of the whole. */
struct weighted {
	double value, weight; /* weight >= 0 */
};

/* Scales the weights so that they sum to 1 and none is above `cap`; what is above goes to the
 * others in proportion. Where fewer than 1/cap have a weight, no cap can hold: then all of those
 * have the same. */
void weights_cap(struct weighted *values, size_t count, double cap);

/* Of values sorted from the lowest: the first at which the weights reach half of their sum, or the
 * mean of it and the next with a weight where they come to half exactly (within 1e-12); NAN
 * without weight. */
double median_weighted(const struct weighted *values, size_t count);

/* Sorts from the lowest value. */
void weighted_sort(struct weighted *values, size_t count);
