/*
 * The guide: which offers fit a need, ranked by expected cost; why the second is second; what would
 * have to change; when another rental model pays; what to test first and when to decide anew. A
 * pure function of need, assumptions, offers, rating and day: the order of quotes never matters.
 */
#pragma once

#include "advise/candidate.h"

enum {
	ADVICE_EXPLAINED = 10, /* of the ranked, how many are held against the first */
	CURVE_POINTS = 25,
	MODEL_COUNT = 3,
	TRIALS_MAXIMUM = 12,
};

/* ---- why not the first, advise/contrast.c ---- */

/* What tells an offer from the first, and what would have to change for it to win. */
struct contrast {
	double usd;          /* it costs so much more; of the first: 0 */
	double hours;        /* it takes so much longer; negative: it is faster */
	enum bill_line line; /* the line that differs most in the direction of the whole */
	double line_usd;
	double wins_at_price; /* USD of its GPU-hour below which it wins; NAN: at none */
	/* Failures and reclaims of all offers times this, and it wins; NAN: at none from a
	 * hundredth to a hundred times. */
	double wins_at_failures;
	double wins_at_deadline_h; /* the first misses such a deadline and it does not; NAN: none */
};

void contrast_make(const struct bench *bench, const struct candidate *first,
		   const struct candidate *other, struct contrast *ret_contrast);

/* ---- the three rental models, advise/models.c ---- */

/* On demand, spot, contract, in this order. */
extern const enum rental model_rentals[MODEL_COUNT];

struct curve_point {
	double hours;            /* of useful work */
	double usd[MODEL_COUNT]; /* of the cheapest offer of the model; NAN: there is none */
};

struct models {
	/* The cheapest for the need, among those that nothing but being spot, the deadline or the
	 * budget stands in the way of; NULL: none. */
	const struct candidate *best[MODEL_COUNT];
	struct curve_point curve[CURVE_POINTS];
	double contract_from_h; /* useful hours from which a contract is cheaper than on demand; NAN
				 */
	double contract_share;  /* of its term that has to be used for that; NAN */
	double spot_until;      /* reclaims of a node in an hour at which spot stops paying; NAN */
	double spot_saves;      /* USD against the best of the others; NAN */
};

void models_make(const struct bench *bench, const struct candidate *candidates, size_t count,
		 struct models *ret_models);

/* ---- what to test first, advise/trial.c ---- */

/* A presumption that would change the cost of the first most. */
struct trial {
	enum assumption assumption; /* ASSUMES_COUNT: the performance of its GPUs */
	const char *title;
	double usd;          /* between the ends of its range, all else as expected */
	int32_t criterion;   /* of the standard that holds the answer; -1: none */
	bool settled;        /* the rated unit shows it already; the range here is still ours */
	const char *command; /* that settles it; NULL: nothing of assay does yet */
};

void trials_make(const struct bench *bench, const struct candidate *first, struct arena *arena,
		 struct trial **ret_trials, size_t *ret_count);

/* ---- all of it ---- */

struct advice_input {
	struct bench bench;
	const struct offer *offers;
	size_t offer_count;
};

struct advice {
	struct bench bench;
	struct candidate *candidates; /* those that fit by rank, then those that would fit if it
				       * were shown, by cost, then the others by reason and name */
	size_t count, fit_count, unknown_count;
	uint32_t obstacles[OBSTACLE_COUNT];          /* how many offers each stands in the way of */
	struct contrast contrasts[ADVICE_EXPLAINED]; /* of the first that fit */
	double sure_h[ADVICE_EXPLAINED];
	size_t explained;
	struct models models;
	struct trial *trials;
	size_t trial_count;
	date_t newest; /* of all prices; DATE_NONE without one */
	date_t anew;   /* when the price of the first is too old; DATE_NONE */
	double margin; /* share that its price may rise before the second wins; NAN */
	double moved;  /* share that its price moved within the window; NAN */
};

void advice_make(const struct advice_input *input, struct arena *arena, struct advice *ret_advice);
