/*
 * What is usual among equal parts: the middle of their values and how far they lie from it, both
 * such that a few bad ones do not move them.
 */
#pragma once

#include <stddef.h>

struct spread {
	size_t count;
	double median;
	double deviation; /* median distance from the median, times 1.4826: the standard deviation
			   * when the values are normal */
};

/* Uses the values up. All zero when there are none. */
struct spread spread_of(double *values, size_t count);
