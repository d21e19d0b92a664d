#include "market/price_line.h"

#include <math.h>
#include <stdlib.h>

static uint64_t total_of(const uint32_t *counts, size_t count)
{
	uint64_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += counts[i];
	return total;
}

/* The median of ascending values with their counts. */
static double middle_of(const double *values, const uint32_t *counts, size_t count, uint64_t total)
{
	uint64_t seen = 0;
	double lower = NAN;

	for (size_t i = 0; i < count; i++) {
		seen += counts[i];
		if (isnan(lower) && seen > (total - 1) / 2)
			lower = values[i];
		if (seen > total / 2)
			return (lower + values[i]) / 2;
	}
	return lower;
}

/* The median distance of ascending values from `middle`: walks outwards from it on both sides. */
static double spread_of(const double *values, const uint32_t *counts, size_t count, double middle,
			uint64_t total)
{
	size_t right = 0;
	size_t left;
	uint64_t seen = 0;
	double lower = NAN;

	while (right < count && values[right] < middle)
		right++;
	left = right;
	while (left > 0 || right < count) {
		bool leftward = right == count ||
				(left > 0 && middle - values[left - 1] < values[right] - middle);
		size_t next = leftward ? --left : right++;

		seen += counts[next];
		if (isnan(lower) && seen > (total - 1) / 2)
			lower = fabs(values[next] - middle);
		if (seen > total / 2)
			return (lower + fabs(values[next] - middle)) / 2;
	}
	return lower;
}

/* Weighs what is kept; the farthest go first, and never more than a fifth. */
static void drop_far(const double *logs, size_t count, double middle, double limit,
		     struct weighted *weights, bool *dropped)
{
	size_t low = 0, high = count;
	double allowed = 0, gone = 0;

	for (size_t i = 0; i < count; i++)
		allowed += weights[i].weight;
	allowed = floor(allowed * LEVEL_DROPPED_PERCENT / 100);
	while (low < high) {
		bool leftward = middle - logs[low] >= logs[high - 1] - middle;
		size_t farthest = leftward ? low : high - 1;

		if (fabs(logs[farthest] - middle) <= limit ||
		    gone + weights[farthest].weight > allowed)
			return;
		gone += weights[farthest].weight;
		if (dropped)
			dropped[farthest] = weights[farthest].weight > 0;
		weights[farthest].weight = 0;
		low += leftward;
		high -= !leftward;
	}
}

double level_counted(const double *usd, const double *logs, const uint32_t *counts, size_t count,
		     struct weighted *scratch, bool *dropped)
{
	uint64_t total = total_of(counts, count);
	double middle, spread;

	if (total == 0)
		return NAN;
	for (size_t i = 0; i < count; i++)
		scratch[i] = (struct weighted){ .value = usd[i], .weight = counts[i] };
	middle = middle_of(logs, counts, count, total);
	spread = spread_of(logs, counts, count, middle, total);
	drop_far(logs, count, middle,
		 LEVEL_OUTLIER_SIGMAS * LEVEL_SIGMA_OF_MAD * fmax(spread, LEVEL_MAD_LEAST), scratch,
		 dropped);
	weights_cap(scratch, count, LEVEL_WEIGHT_CAP);
	return median_weighted(scratch, count);
}

struct priced {
	double usd;
	uint32_t vote;
};

static int by_price(const void *left, const void *right)
{
	const struct priced *a = left;
	const struct priced *b = right;

	if (a->usd < b->usd || a->usd > b->usd)
		return a->usd < b->usd ? -1 : 1;
	return (a->vote > b->vote) - (a->vote < b->vote);
}

void votes_line_up(const struct votes *votes, struct arena *arena, struct price_line *ret_prices)
{
	struct price_line prices = {
		.usd = ARENA_ARRAY(arena, double, votes->count),
		.logs = ARENA_ARRAY(arena, double, votes->count),
		.counts = ARENA_ARRAY(arena, uint32_t, votes->count),
		.votes = ARENA_ARRAY(arena, uint32_t, votes->count),
		.scratch = ARENA_ARRAY(arena, struct weighted, votes->count),
		.dropped = ARENA_ARRAY(arena, bool, votes->count),
		.count = votes->count,
	};
	struct priced *sorted = ARENA_ARRAY(arena, struct priced, votes->count);

	for (size_t i = 0; i < votes->count; i++)
		sorted[i] = (struct priced){ .usd = votes->items[i].usd, .vote = (uint32_t)i };
	if (votes->count > 0)
		qsort(sorted, votes->count, sizeof(*sorted), by_price);
	for (size_t i = 0; i < votes->count; i++) {
		prices.votes[i] = sorted[i].vote;
		prices.usd[i] = sorted[i].usd;
		prices.logs[i] = log(prices.usd[i]);
		prices.counts[i] = 1;
	}
	*ret_prices = prices;
}

double level_of(struct votes *votes)
{
	SCOPED_ARENA(arena);
	struct price_line prices;
	double level;

	votes_line_up(votes, &arena, &prices);
	level = level_counted(prices.usd, prices.logs, prices.counts, prices.count, prices.scratch,
			      prices.dropped);
	votes->dropped = 0;
	for (size_t i = 0; i < prices.count; i++) {
		struct vote *vote = &votes->items[prices.votes[i]];

		vote->dropped = prices.dropped[i];
		vote->weight = prices.scratch[i].weight;
		votes->dropped += vote->dropped;
	}
	return level;
}
