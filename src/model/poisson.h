/*
 * Counts of rare events: their probabilities and the exact interval of a rate that was counted.
 */
#pragma once

#include <stdint.h>

/* The regularised lower incomplete gamma function P(shape, x), for shape > 0 and x >= 0, to about
 * 14 digits (series below shape + 1, Lentz's continued fraction above). */
double gamma_lower(double shape, double x);

/* The x at which gamma_lower(shape, x) is `probability`, 0 to below 1; the quantile of the gamma
 * distribution with scale 1. Half of the chi-square quantile with 2·shape degrees of freedom. */
double gamma_quantile(double shape, double probability);

double chi_square_quantile(double degrees, double probability);

/* P(count <= at_most) for a count that has this mean; 0 when at_most is below 0. */
double poisson_cumulative(double at_most, double mean);

/* P(count = exactly). */
double poisson_exactly(double exactly, double mean);

/* Garwood (1936): the means between which a counted number lies with `confidence`; exact, so at
 * least that. From nothing counted the low end is 0 and the high one is still known. */
struct count_interval {
	double low, high;
};

struct count_interval poisson_interval(uint64_t counted, double confidence);
