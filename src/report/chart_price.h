/*
 * The pictures of prices: over time, beside the grade, corrected step by step, and against the time
 * that is rented. All amounts are USD for one GPU and hour unless said otherwise.
 */
#pragma once

#include "base/date.h"
#include "base/text.h"

struct price_point {
	date_t day;
	double value, low, high; /* low and high NAN: no band is known */
	bool weak;               /* of low confidence: dotted */
};

/* A line with its band; `turns` of the points, by index, are marked. At least one point. */
void chart_price_trend(struct text *into, const char *title, const struct price_point *points,
		       size_t count, const size_t *turns, size_t turn_count);

struct price_offer {
	const char *name;
	const char *class; /* of the style sheet: the grade's */
	double usd, score; /* score 0 to 100; NAN: not rated, drawn at the foot */
	bool dominated;
};

/* Score against price: who is up and left wins. At least one offer. */
void chart_price_grade(struct text *into, const char *title, const struct price_offer *offers,
		       size_t count);

struct price_step {
	const char *label;
	double amount;    /* of the step; of the first and the last the whole */
	double low, high; /* NAN when no uncertainty is known */
	bool whole;       /* stands on the ground: the quote and the effective price */
};

/* From the quote to what a useful hour costs: one row a step. */
void chart_price_steps(struct text *into, const char *title, const struct price_step *steps,
		       size_t count);

struct cost_line {
	const char *name;   /* "on demand" */
	const double *cost; /* of the whole job in USD for each of the hours; NAN: not possible */
};

/* Cost of a job against its hours, one line a rental model; `hours` ascend. */
void chart_cost_hours(struct text *into, const char *title, const double *hours, size_t count,
		      const struct cost_line *lines, size_t line_count);
