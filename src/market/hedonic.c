#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "market/change.h"
#include "market/least_squares.h"

/* Columns of a window's regression: a constant for each provider, then what tells offers apart,
 * then time. */
enum feature {
	FEATURE_GPUS,    /* log2 of the GPUs of the offer */
	FEATURE_NETWORK, /* 1 when the rate of its network is known */
	FEATURE_RATE,    /* log2 of Gb/s for one GPU, where known */
	FEATURE_COUNT,
};

static_assert(FEATURE_COUNT + 2 <= LEAST_SQUARES_ENTRIES, "a row has room");

/* A hundredth: prices that differ by less are as good as equal. */
static const double scale_least = 0.01;

struct window {
	const struct period *periods;
	size_t first, count; /* of the periods */
	size_t base;         /* of the window: the period that the others are held against */
	uint32_t *providers; /* ranks, ascending */
	size_t provider_count;
};

static int by_rank(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left;
	uint32_t b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

static size_t offers_of(const struct window *window)
{
	size_t count = 0;

	for (size_t t = 0; t < window->count; t++)
		count += window->periods[window->first + t].count;
	return count;
}

static void gather_providers(struct window *window, struct arena *arena)
{
	uint32_t *all = ARENA_ARRAY(arena, uint32_t, offers_of(window));
	size_t count = 0, distinct = 0;

	for (size_t t = 0; t < window->count; t++) {
		const struct period *period = &window->periods[window->first + t];

		for (size_t i = 0; i < period->count; i++)
			all[count++] = period->offers[i].rank;
	}
	if (count > 0)
		qsort(all, count, sizeof(*all), by_rank);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || all[i] != all[i - 1])
			all[distinct++] = all[i];
	window->providers = all;
	window->provider_count = distinct;
}

static size_t column_of(const struct window *window, uint32_t rank)
{
	const uint32_t *found =
		bsearch(&rank, window->providers, window->provider_count, sizeof(rank), by_rank);

	return (size_t)(found - window->providers);
}

static void put(struct regression_row *row, size_t column, double entry)
{
	row->columns[row->count] = (uint32_t)column;
	row->entries[row->count++] = entry;
}

/* The provider's offers in the period share one weight. */
static double weight_of(const struct period *period, size_t i)
{
	uint32_t rank = period->offers[i].rank;
	size_t from = i, to = i + 1;

	while (from > 0 && period->offers[from - 1].rank == rank)
		from--;
	while (to < period->count && period->offers[to].rank == rank)
		to++;
	return 1.0 / (double)(to - from);
}

static void describe(const struct window *window, size_t t, size_t i, struct regression_row *row)
{
	const struct period *period = &window->periods[window->first + t];
	const struct priced_offer *offer = &period->offers[i];
	size_t features = window->provider_count;

	*row = (struct regression_row){
		.target = log(offer->usd),
		.weight = weight_of(period, i),
	};
	put(row, column_of(window, offer->rank), 1);
	put(row, features + FEATURE_GPUS, log2(fmax(offer->gpus, 1)));
	if (offer->gbit_per_s > 0) {
		put(row, features + FEATURE_NETWORK, 1);
		put(row, features + FEATURE_RATE, log2(offer->gbit_per_s));
	}
	if (t != window->base)
		put(row, features + FEATURE_COUNT + t, 1);
}

/* The first period of the first window that has offers. */
static size_t first_base(const struct window *window)
{
	size_t base = 0;

	while (base + 1 < window->count && window->periods[window->first + base].count == 0)
		base++;
	return base;
}

/* Logarithm of the level of each period, 0 of the base; NAN where it is not known: without offers,
 * where no provider links them to the base, or where what tells offers apart changed with time. */
static void fit_window(struct window *window, double *ret_levels)
{
	SCOPED_ARENA(arena);
	struct regression_row *rows = ARENA_ARRAY(&arena, struct regression_row, offers_of(window));
	size_t columns, time, count = 0;
	double *coefficients;
	bool *known;

	gather_providers(window, &arena);
	time = window->provider_count + FEATURE_COUNT;
	columns = time + window->count;
	coefficients = ARENA_ARRAY(&arena, double, columns);
	known = ARENA_ARRAY(&arena, bool, columns);
	for (size_t t = 0; t < window->count; t++)
		for (size_t i = 0; i < window->periods[window->first + t].count; i++)
			describe(window, t, i, &rows[count++]);
	if (count > 0)
		regress_robust(rows, count, columns, scale_least, coefficients, known);
	for (size_t t = 0; t < window->count; t++)
		ret_levels[t] = known[time + t] ? coefficients[time + t] : (double)NAN;
	if (window->periods[window->first + window->base].count > 0)
		ret_levels[window->base] = 0;
}

/* The first window is published as it is. */
static void publish_first(const double *levels, size_t count, double *published)
{
	for (size_t t = 0; t < count; t++)
		published[t] = levels[t];
}

/* Mean splice: the newest period, whose own level is 0, against each published one of the window,
 * and the mean of that. de Haan and Krsinich, JBES 32(3), 2014; docs/index-method.md. */
static double splice(const double *levels, const double *published, size_t count)
{
	double sum = 0;
	size_t overlap = 0;

	for (size_t t = 0; t + 1 < count; t++) {
		if (isnan(levels[t]) || isnan(published[t]))
			continue;
		sum += published[t] - levels[t];
		overlap++;
	}
	return overlap > 0 ? sum / (double)overlap : (double)NAN;
}

static bool too_many(const struct window *window, struct error *err)
{
	struct window copy = *window;
	SCOPED_ARENA(arena);

	gather_providers(&copy, &arena);
	if (copy.provider_count <= HEDONIC_COLUMNS_MAXIMUM)
		return false;
	(void)fail(err, ERROR_LIMIT, "a hedonic index of %zu providers: at most %d are compared",
		   copy.provider_count, HEDONIC_COLUMNS_MAXIMUM);
	return true;
}

static void fill_points(const struct period *periods, size_t count, const double *published,
			struct chained *ret_points)
{
	change_chain(periods, count, ret_points); /* for its counts */
	for (size_t t = 0; t < count; t++)
		ret_points[t].index = isnan(published[t]) ? (double)NAN : 100 * exp(published[t]);
}

bool change_hedonic(const struct period *periods, size_t count, struct chained *ret_points,
		    struct error *err)
{
	SCOPED_ARENA(arena);
	struct window window = {
		.periods = periods,
		.count = count < HEDONIC_WINDOW ? count : HEDONIC_WINDOW,
	};
	double *published = ARENA_ARRAY(&arena, double, count);
	double levels[HEDONIC_WINDOW] = { 0 };

	if (count == 0)
		return true;
	if (too_many(&window, err))
		return false;
	window.base = first_base(&window);
	fit_window(&window, levels);
	publish_first(levels, window.count, published);
	window.base = HEDONIC_WINDOW - 1;
	for (size_t t = window.count; t < count; t++) {
		window.first = t + 1 - HEDONIC_WINDOW;
		if (too_many(&window, err))
			return false;
		fit_window(&window, levels);
		published[t] = splice(levels, published + window.first, HEDONIC_WINDOW);
	}
	fill_points(periods, count, published, ret_points);
	return true;
}
