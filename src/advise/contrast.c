#include <math.h>

#include "advise/advice.h"

enum {
	HALVINGS = 50,
	RATES_TRIED = 24, /* between a hundredth and a hundred times */
	RATE_DECADES = 2,
};

static double priced_usd(const struct estimate *estimate)
{
	return estimate->lines[BILL_GPU].value + estimate->lines[BILL_GOODPUT].value +
	       estimate->lines[BILL_UNUSED].value;
}

/* The expected cost when failures and reclaims come `factor` times as often. */
static double usd_at_rate(const struct bench *bench, const struct candidate *candidate,
			  double factor)
{
	struct parameters assumptions = *bench->assumptions;
	struct situation situation = candidate_situation(bench, candidate);
	struct pace pace;

	assumptions.values[ASSUMES_MTBF].value /= factor;
	assumptions.values[ASSUMES_RECLAIM].value *= factor;
	situation.assumptions = &assumptions;
	pace = pace_of(&situation, CORNER_VALUE);
	return bill_of(&situation, &pace, candidate->estimate.price.value, bench->need->hours,
		       CORNER_VALUE)
		.total;
}

static bool wins_at(const struct bench *bench, const struct candidate *first,
		    const struct candidate *other, double factor)
{
	return usd_at_rate(bench, other, factor) < usd_at_rate(bench, first, factor);
}

/* Between a factor at which the first wins and one at which the other does. */
static double halve(const struct bench *bench, const struct candidate *first,
		    const struct candidate *other, double loses, double wins)
{
	for (unsigned i = 0; i < HALVINGS && fabs(log(wins / loses)) > 1e-4; i++) {
		double middle = sqrt(loses) * sqrt(wins);

		if (wins_at(bench, first, other, middle))
			wins = middle;
		else
			loses = middle;
	}
	return wins;
}

/* The factor nearest to 1 at which the other wins. */
static double failures_to_win(const struct bench *bench, const struct candidate *first,
			      const struct candidate *other)
{
	double below = 1, above = 1;

	for (unsigned i = 1; i <= RATES_TRIED; i++) {
		double factor = pow(10, (double)RATE_DECADES * i / RATES_TRIED);

		if (wins_at(bench, first, other, factor))
			return halve(bench, first, other, above, factor);
		if (wins_at(bench, first, other, 1 / factor))
			return halve(bench, first, other, below, 1 / factor);
		above = factor;
		below = 1 / factor;
	}
	return NAN;
}

/* The line that differs most in the direction of the whole. */
static enum bill_line line_of(const struct estimate *first, const struct estimate *other,
			      double *ret_usd)
{
	enum bill_line most = BILL_GPU;
	double largest = -INFINITY;

	for (unsigned line = 0; line < BILL_COUNT; line++) {
		double more = other->lines[line].value - first->lines[line].value;

		if (more > largest) {
			largest = more;
			most = (enum bill_line)line;
		}
	}
	*ret_usd = largest;
	return most;
}

void contrast_make(const struct bench *bench, const struct candidate *first,
		   const struct candidate *other, struct contrast *ret_contrast)
{
	const struct estimate *a = &first->estimate, *b = &other->estimate;
	const struct need *need = bench->need;
	double priced = priced_usd(b);
	struct contrast contrast = {
		.usd = b->usd.value - a->usd.value,
		.hours = b->hours.value - a->hours.value,
		.wins_at_price = NAN,
		.wins_at_failures = NAN,
		.wins_at_deadline_h = NAN,
	};

	contrast.line = line_of(a, b, &contrast.line_usd);
	if (first != other) {
		double left = priced - contrast.usd;

		if (priced > 0 && left > 0)
			contrast.wins_at_price = b->price.value * left / priced;
		contrast.wins_at_failures = failures_to_win(bench, first, other);
		if (contrast.hours < 0)
			contrast.wins_at_deadline_h =
				estimate_sure_h(a, need->hours, need->confidence);
		if (!isfinite(contrast.wins_at_deadline_h))
			contrast.wins_at_deadline_h = NAN;
	}
	*ret_contrast = contrast;
}
