#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/random.h"
#include "market/change.h"
#include "test/quotes.h"

#include <cmocka.h>

enum {
	PERIODS = 20,
	PROVIDERS = 6,
	OFFERS = 3, /* of a provider */
	MOST = PROVIDERS * OFFERS,
};

struct market {
	struct priced_offer offers[PERIODS][MOST];
	struct period periods[PERIODS];
};

/* The logarithm of the market's level: no line, and it comes back. */
static double log_at(size_t t)
{
	return 0.3 * sin(0.7 * (double)t) - 0.02 * (double)t;
}

/* A provider's constant, GPUs, network and the time, and nothing else. */
static double usd_of(size_t t, const struct priced_offer *offer)
{
	double network = offer->gbit_per_s > 0 ? 0.1 + 0.05 * log2(offer->gbit_per_s) : 0;

	return exp(0.5 + 0.2 * offer->rank + 0.04 * log2(offer->gpus) + network + log_at(t));
}

/* `has` says which offers there are in which period; NULL: all in all. */
static void make_market(struct market *market, bool (*has)(size_t t, uint32_t rank, uint32_t i))
{
	for (size_t t = 0; t < PERIODS; t++) {
		size_t count = 0;

		for (uint32_t place = 0; place < MOST; place++) {
			struct priced_offer offer = {
				.place = place,
				.rank = place / OFFERS,
				.gpus = 1u << place % OFFERS * 2,
				.gbit_per_s = place % 4 == 1 ? 200 << place % 3 : 0,
			};

			if (has && !has(t, offer.rank, place % OFFERS))
				continue;
			offer.usd = usd_of(t, &offer);
			market->offers[t][count++] = offer;
		}
		market->periods[t] = (struct period){
			.day = 20000 + 7 * (date_t)t,
			.offers = market->offers[t],
			.count = count,
		};
	}
}

static void expect_level(const struct chained *points, size_t t)
{
	double wanted = 100 * exp(log_at(t) - log_at(0));

	if (!(fabs(points[t].index / wanted - 1) < 1e-7))
		print_message("# period %zu: %.10g, not %.10g\n", t, points[t].index, wanted);
	assert_true(fabs(points[t].index / wanted - 1) < 1e-7);
}

static void chain_of(const struct market *market, size_t count, struct chained *points)
{
	struct error err = { 0 };

	assert_true(change_hedonic(market->periods, count, points, &err));
}

static void a_known_time_effect_is_recovered(void **state)
{
	struct market market;
	struct chained points[PERIODS];

	(void)state;
	make_market(&market, NULL);
	chain_of(&market, PERIODS, points);
	for (size_t t = 0; t < PERIODS; t++)
		expect_level(points, t);
	assert_int_equal(points[3].offers, MOST);
	assert_int_equal(points[3].providers, PROVIDERS);
}

/* Cheap providers come late and dear ones leave early, offers are there now and then. */
static bool comes_and_goes(size_t t, uint32_t rank, uint32_t i)
{
	bool there = rank < 3 ? t + 4 * rank >= 6 : t < 24 - 3 * rank;

	return there && (i == 0 || random_u32(rank + 1, (uint32_t)t * OFFERS + i) % 3 > 0);
}

static void composition_does_not_move_it(void **state)
{
	struct market market;
	struct chained points[PERIODS];

	(void)state;
	make_market(&market, comes_and_goes);
	chain_of(&market, PERIODS, points);
	for (size_t t = 0; t < PERIODS; t++)
		expect_level(points, t);
}

static void published_values_do_not_change_when_a_period_is_added(void **state)
{
	struct market market;
	struct chained before[PERIODS], after[PERIODS];

	(void)state;
	make_market(&market, comes_and_goes);
	/* With noise, so that each window says something else. */
	for (size_t t = 0; t < PERIODS; t++)
		for (uint32_t i = 0; i < market.periods[t].count; i++)
			market.offers[t][i].usd *=
				1 + 0.2 * random_u32((uint32_t)t, i) / 4294967296.0;
	chain_of(&market, HEDONIC_WINDOW, before);
	for (size_t count = HEDONIC_WINDOW + 1; count <= PERIODS; count++) {
		chain_of(&market, count, after);
		for (size_t t = 0; t + 1 < count; t++)
			assert_memory_equal(&before[t].index, &after[t].index, sizeof(double));
		memcpy(before, after, sizeof(before));
	}
}

static void units_do_not_matter(void **state)
{
	struct market market;
	struct chained one[PERIODS], other[PERIODS];

	(void)state;
	make_market(&market, comes_and_goes);
	chain_of(&market, PERIODS, one);
	for (size_t t = 0; t < PERIODS; t++)
		for (uint32_t i = 0; i < market.periods[t].count; i++)
			market.offers[t][i].usd *= 100;
	chain_of(&market, PERIODS, other);
	for (size_t t = 0; t < PERIODS; t++)
		assert_true(fabs(one[t].index - other[t].index) < 1e-6);
}

/* Two providers move apart: one offer of the first goes one way, three of the second the other. */
static void each_provider_has_the_same_weight_in_a_period(void **state)
{
	struct priced_offer before[4], after[4];
	struct period periods[2] = {
		{ .offers = before, .count = 4 },
		{ .offers = after, .count = 4 },
	};
	struct chained points[2];
	struct error err = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		before[i] = (struct priced_offer){ .place = i, .rank = i > 0, .usd = 2, .gpus = 8 };
		after[i] = before[i];
		after[i].usd *= exp(i > 0 ? -0.01 : 0.01);
	}
	assert_true(change_hedonic(periods, 2, points, &err));
	quotes_expect_near(points[1].index, 100);
}

static bool not_at_first_nor_in_the_middle(size_t t, uint32_t rank, uint32_t i)
{
	(void)rank;
	(void)i;
	return t != 0 && t != 7;
}

static void periods_without_offers_have_no_value(void **state)
{
	struct market market;
	struct chained points[PERIODS];

	(void)state;
	make_market(&market, not_at_first_nor_in_the_middle);
	chain_of(&market, PERIODS, points);
	assert_true(isnan(points[0].index));
	quotes_expect_near(points[1].index, 100);
	assert_true(isnan(points[7].index));
	for (size_t t = 2; t < PERIODS; t++)
		if (t != 7)
			assert_true(fabs(points[t].index / (100 * exp(log_at(t) - log_at(1))) - 1) <
				    1e-7);
}

/* The first half of the providers is there to the sixth period, the others are there after it. */
static bool the_others_come_when_the_first_have_gone(size_t t, uint32_t rank, uint32_t i)
{
	(void)i;
	return (rank < PROVIDERS / 2) == (t < 6);
}

static void what_no_provider_spans_is_not_known(void **state)
{
	struct market market;
	struct chained points[PERIODS];

	(void)state;
	make_market(&market, the_others_come_when_the_first_have_gone);
	chain_of(&market, PERIODS, points);
	for (size_t t = 0; t < 6; t++)
		expect_level(points, t);
	for (size_t t = 6; t < PERIODS; t++)
		assert_true(isnan(points[t].index));
}

/* All offers change their size at once: whether size or time moved the price cannot be told. */
static void what_the_size_of_offers_may_explain_is_not_known(void **state)
{
	struct priced_offer offers[6];
	struct period periods[6];
	struct chained points[6];
	struct error err = { 0 };

	(void)state;
	for (uint32_t t = 0; t < 6; t++) {
		offers[t] = (struct priced_offer){ .usd = t < 3 ? 2 : 3, .gpus = t < 3 ? 8 : 4 };
		periods[t] = (struct period){ .offers = &offers[t], .count = 1 };
	}
	assert_true(change_hedonic(periods, 6, points, &err));
	for (unsigned t = 0; t < 3; t++)
		quotes_expect_near(points[t].index, 100);
	for (unsigned t = 3; t < 6; t++)
		assert_true(isnan(points[t].index));
}

static void too_many_providers_are_refused(void **state)
{
	enum { TOO_MANY = HEDONIC_COLUMNS_MAXIMUM + 1 };
	SCOPED_ARENA(arena);
	struct priced_offer *offers = ARENA_ARRAY(&arena, struct priced_offer, TOO_MANY);
	struct period period = { .offers = offers, .count = TOO_MANY };
	struct chained point;
	struct error err = { 0 };

	(void)state;
	for (uint32_t i = 0; i < TOO_MANY; i++)
		offers[i] = (struct priced_offer){ .place = i, .rank = i, .usd = 2, .gpus = 8 };
	assert_false(change_hedonic(&period, 1, &point, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_non_null(strstr(err.text, "1025 providers: at most 1024"));
}

static void no_periods_are_no_fault(void **state)
{
	struct chained point;
	struct period empty = { .day = 20000 };

	(void)state;
	assert_true(change_hedonic(NULL, 0, NULL, NULL));
	assert_true(change_hedonic(&empty, 1, &point, NULL));
	assert_true(isnan(point.index));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_time_effect_is_recovered),
		cmocka_unit_test(composition_does_not_move_it),
		cmocka_unit_test(published_values_do_not_change_when_a_period_is_added),
		cmocka_unit_test(units_do_not_matter),
		cmocka_unit_test(each_provider_has_the_same_weight_in_a_period),
		cmocka_unit_test(periods_without_offers_have_no_value),
		cmocka_unit_test(what_no_provider_spans_is_not_known),
		cmocka_unit_test(what_the_size_of_offers_may_explain_is_not_known),
		cmocka_unit_test(too_many_providers_are_refused),
		cmocka_unit_test(no_periods_are_no_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
