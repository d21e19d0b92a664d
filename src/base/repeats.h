/*
 * A measurement repeated until it is known well enough. The middle and its interval come from the
 * order of the values alone, so that one slow run among many moves neither.
 */
#pragma once

#include <stdbool.h>

enum {
	REPEATS_MAXIMUM = 256, /* later ones are left out */
	REPEATS_LEAST = 6,     /* fewer say nothing of an interval at 95 % */
};

/* `struct repeats r = { 0 };` is ready. */
struct repeats {
	double values[REPEATS_MAXIMUM];
	unsigned count;
};

struct repeats_summary {
	unsigned count;
	double median, minimum, maximum;
	/* Of the median, at 95 % or a little more, by the binomial distribution of the order
	 * statistics (David and Nagaraja 2003, 7.1); the extremes with fewer than REPEATS_LEAST. */
	double low, high;
	double deviation; /* median absolute deviation times 1.4826: the standard deviation, were it
			   * a normal distribution */
	double spread;    /* (high - low) / median; 0 when the median is 0 */
};

/* What is not finite is left out. */
void repeats_add(struct repeats *repeats, double value);

/* All zero of none. */
struct repeats_summary repeats_summary(const struct repeats *repeats);

/* At least REPEATS_LEAST, and the interval of the median at most `width` of it; or the maximum. */
bool repeats_are_enough(const struct repeats *repeats, double width);
