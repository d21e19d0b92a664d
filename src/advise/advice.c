#include "advise/advice.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Those that fit, those that nobody told enough of, those that do not. */
static int group_of(const struct candidate *candidate)
{
	return candidate->obstacle == OBSTACLE_NONE      ? 0
	       : candidate->obstacle >= OBSTACLE_UNKNOWN ? 1
							 : 2;
}

static int compare_costs(const struct candidate *a, const struct candidate *b)
{
	double x = a->estimated ? a->estimate.usd.value : (double)INFINITY;
	double y = b->estimated ? b->estimate.usd.value : (double)INFINITY;

	return (x > y) - (x < y);
}

/* Of the same cost, the one with stock first, then the narrower interval, then by name. */
static int compare_offers(const struct offer *a, const struct offer *b)
{
	const int orders[] = {
		(a->stock != STOCK_YES) - (b->stock != STOCK_YES),
		strcmp(a->provider, b->provider),
		strcmp(a->product, b->product),
		strcmp(a->region, b->region),
		(int)a->gpu - (int)b->gpu,
		(int)a->form - (int)b->form,
		(int)a->memory_gb - (int)b->memory_gb,
		(int)a->rental - (int)b->rental,
		(int)a->term_months - (int)b->term_months,
		(a->size > b->size) - (a->size < b->size),
		(a->minimum_gpus > b->minimum_gpus) - (a->minimum_gpus < b->minimum_gpus),
		(int)a->listing_count - (int)b->listing_count,
	};

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (orders[i] != 0)
			return orders[i];
	}
	return 0;
}

static int compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;
	int order = group_of(a) - group_of(b);

	if (order == 0 && group_of(a) == 2)
		order = (int)a->obstacle - (int)b->obstacle;
	if (order == 0)
		order = compare_costs(a, b);
	return order != 0 ? order : compare_offers(a->offer, b->offer);
}

static void count_groups(struct advice *advice)
{
	for (size_t i = 0; i < advice->count; i++) {
		const struct candidate *candidate = &advice->candidates[i];

		advice->fit_count += group_of(candidate) == 0;
		advice->unknown_count += group_of(candidate) == 1;
		advice->obstacles[candidate->obstacle]++;
		if (candidate->offer->observed > advice->newest)
			advice->newest = candidate->offer->observed;
	}
}

static void explain(struct advice *advice)
{
	const struct need *need = advice->bench.need;

	advice->explained =
		advice->fit_count < ADVICE_EXPLAINED ? advice->fit_count : ADVICE_EXPLAINED;
	for (size_t i = 0; i < advice->explained; i++) {
		contrast_make(&advice->bench, &advice->candidates[0], &advice->candidates[i],
			      &advice->contrasts[i]);
		advice->sure_h[i] = estimate_sure_h(&advice->candidates[i].estimate, need->hours,
						    need->confidence);
	}
}

/* What in the cost goes with the price of the GPU. */
static double priced_usd(const struct candidate *candidate)
{
	return candidate->estimate.lines[BILL_GPU].value +
	       candidate->estimate.lines[BILL_GOODPUT].value +
	       candidate->estimate.lines[BILL_UNUSED].value;
}

static void decide_anew(struct advice *advice)
{
	const struct candidate *first = &advice->candidates[0];
	const struct offer *offer = first->offer;
	double age = advice->bench.assumptions->values[ASSUMES_PRICE_AGE].value;

	advice->anew = offer->observed + (date_t)age + 1;
	if (advice->explained > 1 && priced_usd(first) > 0)
		advice->margin = advice->contrasts[1].usd / priced_usd(first);
	if (offer->before != DATE_NONE)
		advice->moved = offer->usd.value / offer->before_usd - 1;
}

void advice_make(const struct advice_input *input, struct arena *arena, struct advice *ret_advice)
{
	struct advice *advice = ret_advice;

	*advice = (struct advice){
		.bench = input->bench,
		.candidates = ARENA_ARRAY(arena, struct candidate, input->offer_count),
		.count = input->offer_count,
		.newest = DATE_NONE,
		.anew = DATE_NONE,
		.margin = NAN,
		.moved = NAN,
	};
	for (size_t i = 0; i < input->offer_count; i++)
		candidate_judge(&input->bench, &input->offers[i], arena, &advice->candidates[i]);
	qsort(advice->candidates, advice->count, sizeof(struct candidate), compare_candidates);
	count_groups(advice);
	models_make(&advice->bench, advice->candidates, advice->count, &advice->models);
	if (advice->fit_count == 0)
		return;
	explain(advice);
	trials_make(&advice->bench, &advice->candidates[0], arena, &advice->trials,
		    &advice->trial_count);
	decide_anew(advice);
}
