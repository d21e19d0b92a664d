/*
 * The fit behind a trend: a line that may bend at knots, robust against single days that lie far
 * off. Private to trend*.c.
 */
#pragma once

#include "base/arena.h"
#include "market/trend.h"

struct bent_line {
	size_t count;
	const double *time; /* years, ascending */
	const double *told; /* logarithms as told */
	double *target;     /* the same, with what is far off drawn in */
	double *fitted;
	double *base; /* orthonormal columns: constant, slope, one hinge for each knot */
	unsigned base_count;
	size_t knots[TREND_TURNS_MAXIMUM]; /* places of points, ascending */
	unsigned knot_count;
	double *scratch;
};

void bent_line_init(struct bent_line *line, const double *time, const double *told, size_t count,
		    struct arena *arena);

/* With other knots, `skip` of them left out (knot_count: none); the target as it is. */
void bent_line_base(struct bent_line *line, unsigned skip);

/* What the base cannot say of `values`: values - fit, in place. */
void bent_line_residue(const struct bent_line *line, double *values);

/* Fits with all knots: Huber's, by drawing in what is too far until nothing changes. */
void bent_line_fit(struct bent_line *line);

/* Robust standard deviation of what was told about the fit. */
double bent_line_noise(const struct bent_line *line);

/* What residuals are multiplied with so that fits to them scatter as fits to the noise do: a fit
 * takes some of it along, and what was drawn in has lost some. Huber, Robust Statistics, 1981,
 * section 7.6. */
double bent_line_spread(const struct bent_line *line);

/* A bend at the point, as far as the base does not say it; false when it says it all. Of length 1.
 */
bool bent_line_hinge(const struct bent_line *line, size_t point, double *ret_hinge);

/* ---- where a bend would help most, trend_search.c ---- */

struct search {
	const struct bent_line *line; /* its base: without the knot in question */
	size_t *points;               /* candidates */
	double *hinges;               /* one row of `count` each */
	size_t candidate_count;
};

/* Candidates: points with TREND_PIECE_LEAST points to each knot of the base and to both ends, of
 * many about SEARCH_CANDIDATES of them, in [from, to]. */
void search_make(const struct bent_line *line, size_t from, size_t to, struct arena *arena,
		 struct search *ret_search);

enum {
	SEARCH_BENDS_MAXIMUM = 2,
};

/* Bends that were found together. */
struct found {
	size_t candidates[SEARCH_BENDS_MAXIMUM];
	unsigned count; /* as many as were asked for, or fewer: then there are no more */
	double f;       /* of all of them together */
};

/* The candidate that takes most from the squares of `residue`; then, with it, the next. */
void search_best(const struct search *search, const double *residue, unsigned bends,
		 struct found *ret_found);

/* The chance of an F so large where there is no such bend. `noise`: the residuals of the fit with
 * the bends, of which others like them are drawn. */
double search_chance(const struct search *search, const double *noise, const struct found *found,
		     const struct trend_request *request);

/* Where one bend is found when its residuals are drawn anew: 5th and 95th percentile. */
void search_range(const struct search *search, const double *residue, size_t best,
		  const struct trend_request *request, size_t *ret_earliest, size_t *ret_latest);

/* The residuals of the fit with one bend. */
void search_noise(const struct search *search, const double *residue, size_t best,
		  double *ret_noise);

/* Noise like these residuals: each value depends on the one before as much as theirs do, and what
 * is new in it is drawn from what was new in theirs. A fit with so many columns, two of them of
 * the line and the rest of bends, makes residuals look less dependent than the noise is; that is
 * undone (Kendall 1954; Marriott and Pope 1954). How dependent is itself an estimate, so each draw
 * has its own. */
struct noise_draw {
	double *news;
	size_t count;
	double link;  /* how much of a value is in the next */
	double doubt; /* standard error of the link */
	uint64_t seed;
};

void noise_draw_init(struct noise_draw *noise, const double *residue, size_t count,
		     unsigned columns, uint64_t seed, struct arena *arena);
void noise_draw_take(const struct noise_draw *noise, uint32_t draw, double *ret_values);
