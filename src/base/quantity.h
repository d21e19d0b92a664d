/*
 * A number that may be a range: what is not known better is an interval, never one number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

enum {
	QUANTITY_TEXT_SIZE = 100,
};

struct quantity {
	double value, low, high; /* low <= value <= high; equal when it is no range */
};

struct quantity quantity_of(double value);
bool quantity_is_range(struct quantity quantity);

/* "12", or "10..15", or "10..12..15" (low, value, high; of two the value is their geometric mean
 * when both are positive, else the arithmetic). False on leftovers and when out of order. */
bool quantity_parse(struct span text, struct quantity *ret_quantity);

/* "12" or "10..12..15". */
const char *quantity_format(struct quantity quantity, char into[static QUANTITY_TEXT_SIZE]);

/* Draw `counter` of the stream `key`: the triangle from low to high with its top at the value,
 * which says no more than the three numbers do. A number that is no range is itself. */
double quantity_draw(struct quantity quantity, uint64_t key, uint32_t counter);

/* The 10 % and the 90 % point of draws, as low and high around `value`, which widens them when it
 * lies outside. Sorts the draws; of none both are the value. */
struct quantity quantity_of_draws(double value, double *draws, size_t count);
