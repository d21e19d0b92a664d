/*
 * The pictures of the site, each one an SVG drawing by svg.h whose title says in words what it
 * shows.
 */
#pragma once

#include "rating/rating.h"

/* "gold", the style sheet's word for a grade. */
const char *grade_class(enum grade grade);

/* P(grade) as one stacked strip, the best grade first, each part with the grade's letter. */
void chart_likelihood(struct text *into, const char *class, const double probability[GRADE_COUNT]);

/* The overall score on a line from 0 to 100: what is possible, what 80 % of the draws give when
 * there were any, the point, and the thresholds of the grades. */
void chart_score(struct text *into, const struct standard *standard, const struct unit *unit);

/* The scale of such lines: 0, 100 and, for one unit, the letter of each grade at its threshold.
 * `unit` may be NULL. */
void chart_scale(struct text *into, const struct standard *standard, const struct unit *unit);

/* How the points that a category can bring are divided; shares of the whole score. */
struct points {
	double start; /* won by the categories before */
	double won, presumed, open, lost;
};

/* One step of the waterfall. `end` draws the sum alone. */
void chart_points(struct text *into, const struct standard *standard, const struct unit *unit,
		  const struct points *points, const char *title);

/* What there is against what is needed, both 0 to 1. */
void chart_need(struct text *into, double has, double needs, const char *title);

/* How much of the best answer, 0 to 1. */
void chart_worth(struct text *into, double worth, const char *title);

/* How many providers lack it, are not known, have it. */
void chart_gap(struct text *into, const struct gap *gap, const char *title);

/* The worth of a measure over its value. */
void chart_curve(struct text *into, const struct criterion *criterion);

/* Scores over time as steps, up to `as_of`, with the grade where it changes. At least one entry
 * has a date, and all of them have. */
void chart_trend(struct text *into, date_t as_of, const struct dated_grade *items, uint32_t count);
