#include <math.h>

#include "market/change.h"

void change_between(const struct priced_offer *before, size_t before_count,
		    const struct priced_offer *after, size_t after_count, struct change *ret_change)
{
	struct change change = { .ratio = NAN };
	uint32_t rank = 0;
	double sum = 0;
	size_t i = 0, j = 0;

	while (i < before_count && j < after_count) {
		if (before[i].place < after[j].place) {
			i++;
		} else if (before[i].place > after[j].place) {
			j++;
		} else {
			sum += log(after[j].usd / before[i].usd);
			change.providers += change.matched == 0 || after[j].rank != rank;
			rank = after[j].rank;
			change.matched++;
			i++;
			j++;
		}
	}
	change.gone = (uint32_t)before_count - change.matched;
	change.new = (uint32_t)after_count - change.matched;
	if (change.matched > 0)
		change.ratio = exp(sum / change.matched);
	*ret_change = change;
}

static uint32_t providers_of(const struct period *period)
{
	uint32_t count = 0;

	for (size_t i = 0; i < period->count; i++)
		count += i == 0 || period->offers[i].rank != period->offers[i - 1].rank;
	return count;
}

void change_chain(const struct period *periods, size_t count, struct chained *ret_points)
{
	const struct period *last = NULL;
	double index = 100;

	for (size_t t = 0; t < count; t++) {
		const struct period *period = &periods[t];
		struct change change = { .ratio = 1 };

		if (last && period->count > 0)
			change_between(last->offers, last->count, period->offers, period->count,
				       &change);
		if (period->count > 0) {
			index *= change.ratio;
			last = period;
		}
		ret_points[t] = (struct chained){
			.day = period->day,
			.index = period->count > 0 ? index : (double)NAN,
			.offers = (uint32_t)period->count,
			.matched = change.matched,
			.providers = providers_of(period),
		};
	}
}

/* Of the offers that stand in both the mean of the logarithms of their ratios, one vote a provider;
 * NAN when none does. */
static double mean_step(const struct period *before, const struct period *after)
{
	double providers = 0;
	double sum = 0;
	double own = 0;
	double matched = 0;
	uint32_t rank = 0;
	size_t i = 0, j = 0;

	while (i < before->count && j < after->count) {
		if (before->offers[i].place != after->offers[j].place) {
			if (before->offers[i].place < after->offers[j].place)
				i++;
			else
				j++;
			continue;
		}
		if (matched > 0 && after->offers[j].rank != rank) {
			sum += own / matched;
			providers++;
			own = matched = 0;
		}
		rank = after->offers[j].rank;
		own += log(after->offers[j++].usd / before->offers[i++].usd);
		matched++;
	}
	if (!(matched > 0))
		return NAN;
	return (sum + own / matched) / (providers + 1);
}

void change_backwards(const struct period *periods, size_t count, double last_usd, double *ret_usd)
{
	size_t next = count; /* the period from which the step goes back */

	for (size_t t = count; t-- > 0;) {
		ret_usd[t] = NAN;
		if (periods[t].count == 0)
			continue;
		if (next == count)
			ret_usd[t] = last_usd;
		else
			ret_usd[t] = ret_usd[next] / exp(mean_step(&periods[t], &periods[next]));
		next = t;
	}
}
