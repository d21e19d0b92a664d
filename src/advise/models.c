#include <math.h>

#include "advise/advice.h"

enum {
	HALVINGS = 60,
	HOURS_LEAST = 1,
	/* Of work, so that with what failures take a contract of three years holds it: at three
	 * years to the hour each would begin a second term. */
	HOURS_MOST = 3 * 12 * MONTH_HOURS * 9 / 10,
};

static const double RECLAIM_MOST = 1000;

const enum rental model_rentals[MODEL_COUNT] = { RENTAL_ON_DEMAND, RENTAL_SPOT, RENTAL_CONTRACT };

/* The candidates of one rental model that may be compared. */
struct model {
	const struct bench *bench;
	const struct candidate *candidates;
	size_t count;
	enum rental rental;
};

/* What depends on how long the job is, or is the model itself, does not count against it here. */
static bool takes_part(const struct model *model, const struct candidate *candidate)
{
	const uint32_t passed =
		1u << OBSTACLE_TAKEN | 1u << OBSTACLE_DEADLINE | 1u << OBSTACLE_BUDGET;
	bool comparable = (candidate->obstacles & ~passed) == 0;

	return comparable && candidate->estimated && candidate->offer->rental == model->rental;
}

static double usd_of(const struct model *model, const struct candidate *candidate, double hours)
{
	const struct situation situation = candidate_situation(model->bench, candidate);

	return estimate_usd(&situation, &candidate->estimate, hours);
}

/* The cheapest for that much work; NULL when there is none that gets on. */
static const struct candidate *cheapest(const struct model *model, double hours, double *ret_usd)
{
	const struct candidate *best = NULL;

	*ret_usd = INFINITY;
	for (size_t i = 0; i < model->count; i++) {
		const struct candidate *candidate = &model->candidates[i];
		double usd;

		if (!takes_part(model, candidate))
			continue;
		usd = usd_of(model, candidate, hours);
		if (usd < *ret_usd) {
			*ret_usd = usd;
			best = candidate;
		}
	}
	return best;
}

static double hours_at(unsigned point)
{
	return HOURS_LEAST *
	       pow((double)HOURS_MOST / HOURS_LEAST, (double)point / (CURVE_POINTS - 1));
}

static bool contract_wins(const struct model models[MODEL_COUNT], double hours)
{
	double contract, demand;

	(void)cheapest(&models[0], hours, &demand);
	(void)cheapest(&models[2], hours, &contract);
	return contract < demand;
}

/* The first duration at which a contract wins, between two points of the curve. */
static double contract_from(const struct model models[MODEL_COUNT])
{
	unsigned point = 0;
	double loses, wins;

	while (point < CURVE_POINTS && !contract_wins(models, hours_at(point)))
		point++;
	if (point == CURVE_POINTS)
		return NAN;
	wins = hours_at(point);
	loses = point > 0 ? hours_at(point - 1) : 0;
	for (unsigned i = 0; point > 0 && i < HALVINGS && wins - loses > 1e-4 * wins; i++) {
		double middle = (loses + wins) / 2;

		if (contract_wins(models, middle))
			wins = middle;
		else
			loses = middle;
	}
	return wins;
}

/* Of its first term, what that much work takes. */
static double share_of_term(const struct model *model, double hours)
{
	double usd;
	const struct candidate *best = cheapest(model, hours, &usd);

	return pace_hours(&best->estimate.paces[CORNER_VALUE], hours) /
	       (best->offer->term_months * (double)MONTH_HOURS);
}

static double spot_usd_at(const struct model *model, const struct candidate *spot, double rate)
{
	struct parameters assumptions = *model->bench->assumptions;
	struct situation situation = candidate_situation(model->bench, spot);
	struct pace pace;

	assumptions.values[ASSUMES_RECLAIM].value = rate;
	situation.assumptions = &assumptions;
	pace = pace_of(&situation, CORNER_VALUE);
	return bill_of(&situation, &pace, spot->estimate.price.value, model->bench->need->hours,
		       CORNER_VALUE)
		.total;
}

/* The rate at which the spot offer costs as much as the best that cannot be taken away: 0 when it
 * never pays, INFINITY when it always does. */
static double spot_until(const struct model *model, const struct candidate *spot, double other)
{
	double pays = 0, fails = RECLAIM_MOST;

	if (spot_usd_at(model, spot, pays) >= other)
		return 0;
	if (spot_usd_at(model, spot, fails) < other)
		return INFINITY;
	for (unsigned i = 0; i < HALVINGS && fails - pays > 1e-4 * fails; i++) {
		/* The geometric mean where it can be: rates span orders of magnitude. */
		double middle = pays > 0 ? sqrt(pays) * sqrt(fails) : fails / 1000;

		if (spot_usd_at(model, spot, middle) < other)
			pays = middle;
		else
			fails = middle;
	}
	return pays;
}

void models_make(const struct bench *bench, const struct candidate *candidates, size_t count,
		 struct models *ret_models)
{
	struct models result = {
		.contract_from_h = NAN, .contract_share = NAN, .spot_until = NAN, .spot_saves = NAN
	};
	struct model models[MODEL_COUNT];
	double usd[MODEL_COUNT];

	for (unsigned i = 0; i < MODEL_COUNT; i++) {
		models[i] = (struct model){ .bench = bench,
					    .candidates = candidates,
					    .count = count,
					    .rental = model_rentals[i] };
		result.best[i] = cheapest(&models[i], bench->need->hours, &usd[i]);
	}
	for (unsigned point = 0; point < CURVE_POINTS; point++) {
		result.curve[point].hours = hours_at(point);
		for (unsigned i = 0; i < MODEL_COUNT; i++) {
			double at;

			(void)cheapest(&models[i], hours_at(point), &at);
			result.curve[point].usd[i] = isfinite(at) ? at : (double)NAN;
		}
	}
	if (result.best[0] && result.best[2])
		result.contract_from_h = contract_from(models);
	if (!isnan(result.contract_from_h))
		result.contract_share = share_of_term(&models[2], result.contract_from_h);
	if (result.best[1] && (result.best[0] || result.best[2])) {
		double other = fmin(usd[0], usd[2]);

		result.spot_until = spot_until(&models[1], result.best[1], other);
		result.spot_saves = other - usd[1];
	}
	*ret_models = result;
}
