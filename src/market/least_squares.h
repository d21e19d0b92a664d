/*
 * Weighted least squares for rows of which most entries are zero, made robust by Huber's weights.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LEAST_SQUARES_ENTRIES = 6,
};

/* One observation: at most so many columns have an entry. */
struct regression_row {
	uint32_t columns[LEAST_SQUARES_ENTRIES];
	double entries[LEAST_SQUARES_ENTRIES];
	unsigned count;
	double target, weight; /* weight > 0 */
};

/* Huber's tuning: 95 % of the efficiency of least squares where the errors are normal. Huber 1964;
 * Holland and Welsch 1977. */
#define HUBER_TUNING 1.345

/* The coefficients. The errors' scale is told from the residuals and taken to be `scale_least` at
 * least, so that many exact rows do not make an outlier of every other. A column that those before
 * it determine is left out: its coefficient is 0. Neither it nor those that determine it are
 * `known`: had another been left out, theirs would be others. */
void regress_robust(const struct regression_row *rows, size_t row_count, size_t column_count,
		    double scale_least, double *ret_coefficients, bool *ret_known);
