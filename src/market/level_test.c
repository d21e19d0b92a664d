#include "market/level.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/random.h"
#include "test/quotes.h"

#include <cmocka.h>

enum {
	MOST = 16,
};

/* A vote each; the names are numbers, as no text is needed. */
static struct votes votes_of(struct vote *items, const double *usd, size_t count)
{
	for (size_t i = 0; i < count; i++)
		items[i] = (struct vote){ .provider = (name_t)i + 1, .usd = usd[i] };
	return (struct votes){ .items = items, .count = count };
}

static double level_at(const double *usd, size_t count)
{
	struct vote items[MOST];
	struct votes votes = votes_of(items, usd, count);

	return level_of(&votes);
}

static void the_level_is_the_median_of_what_is_kept(void **state)
{
	static const struct {
		double usd[MOST];
		size_t count;
		double level;
	} cases[] = {
		{ { 2 }, 1, 2 },
		{ { 2, 3 }, 2, 2.5 },
		{ { 2, 30 }, 2, 16 },
		{ { 2, 3, 30 }, 3, 3 },
		{ { 1, 2, 3, 4 }, 4, 2.5 },
		/* Of five one may go: without it the even median of four. */
		{ { 2.0, 2.1, 2.2, 2.3, 9 }, 5, 2.15 },
		{ { 2.0, 2.0, 2.0, 2.0, 2.0, 2.1 }, 6, 2.0 },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++)
		quotes_expect_near(level_at(cases[i].usd, cases[i].count), cases[i].level);
	assert_true(isnan(level_at(NULL, 0)));
}

static void no_provider_weighs_more_than_a_quarter_where_four_are_left(void **state)
{
	static const double usd[] = { 2, 2.1, 2.2, 2.3, 2.4, 2.5 };

	(void)state;
	for (size_t count = 1; count <= QUOTES_COUNT(usd); count++) {
		struct vote items[MOST];
		struct votes votes = votes_of(items, usd, count);

		(void)level_of(&votes);
		for (size_t i = 0; i < count; i++) {
			quotes_expect_near(items[i].weight, 1.0 / (double)count);
			if (count >= LEVEL_PROVIDERS_WANTED)
				assert_true(items[i].weight <= LEVEL_WEIGHT_CAP);
		}
	}
}

/* Prices at 2 but for one: it is dropped beyond 3 x 1.4826 x 2 %, in logarithms. */
static void too_far_is_three_robust_deviations_of_which_the_least_is_two_percent(void **state)
{
	static const struct {
		double log_distance;
		bool dropped;
	} cases[] = {
		{ 0.0889, false },
		{ 0.0890, true },
		{ -0.0889, false },
		{ -0.0890, true },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		double usd[] = { 2, 2, 2 * exp(cases[i].log_distance), 2, 2 };
		struct vote items[MOST];
		struct votes votes = votes_of(items, usd, 5);

		quotes_expect_near(level_of(&votes), 2);
		assert_int_equal(items[2].dropped, cases[i].dropped);
		assert_int_equal(votes.dropped, cases[i].dropped);
		if (cases[i].dropped)
			assert_true(items[2].weight <= 0);
	}
}

/* Distances from the middle are 0, 0.1, 0.1, 0.2, 0.2 …: their median sets the reach. */
static void the_reach_grows_with_the_spread(void **state)
{
	const double step = 0.1;
	double usd[MOST];

	(void)state;
	for (int i = 0; i < 9; i++)
		usd[i] = 2 * exp(step * (i - 4));
	for (int at = 0; at < 2; at++) {
		struct vote items[MOST];
		struct votes votes;

		/* The median distance of the nine is two steps. */
		usd[8] = 2 * exp(3 * 1.4826 * 2 * step + (at ? 1e-6 : -1e-6));
		votes = votes_of(items, usd, 9);
		(void)level_of(&votes);
		assert_int_equal(votes.dropped, at);
		assert_int_equal(items[8].dropped, at);
	}
}

static void the_farthest_go_first_and_of_two_as_far_the_cheaper(void **state)
{
	static const struct {
		double usd[MOST];
		size_t count, dropped;
		const char *which; /* "x" where one is */
	} cases[] = {
		{ { 2, 2, 2, 1, 8 }, 5, 1, "....x" },
		{ { 2, 2, 2, 1, 4 }, 5, 1, "...x." },
		{ { 2, 2, 2, 0.9, 4 }, 5, 1, "...x." },
		/* Nine: still one. Ten: two. */
		{ { 2, 2, 2, 2, 2, 2, 2, 9, 0.3 }, 9, 1, "........x" },
		{ { 2, 2, 2, 2, 2, 2, 2, 2, 9, 0.3 }, 10, 2, "........xx" },
		{ { 2, 2, 2, 2, 2, 2, 2, 9, 8, 0.3 }, 10, 2, ".......x.x" },
		{ { 2, 2, 9, 9 }, 4, 0, "...." },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		struct vote items[MOST];
		struct votes votes = votes_of(items, cases[i].usd, cases[i].count);

		(void)level_of(&votes);
		assert_int_equal(votes.dropped, cases[i].dropped);
		for (size_t k = 0; k < cases[i].count; k++)
			assert_int_equal(items[k].dropped, cases[i].which[k] == 'x');
	}
}

/* Prices of a round, far apart, at most MOST. */
static size_t draw_prices(uint32_t round, double *usd)
{
	size_t count = 1 + random_u32(5, round) % MOST;

	for (uint32_t i = 0; i < count; i++)
		usd[i] = exp(4.0 * random_u32(round + 100, i) / 4294967296.0 - 1);
	return count;
}

static void never_more_than_a_fifth_is_dropped_and_the_rest_sums_to_one(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 2000; round++) {
		struct vote items[MOST];
		double usd[MOST], sum = 0;
		size_t count = draw_prices(round, usd);
		struct votes votes = votes_of(items, usd, count);
		double level = level_of(&votes);
		double low = (double)INFINITY;
		double high = 0;

		assert_true(5 * votes.dropped <= count);
		for (size_t i = 0; i < count; i++) {
			sum += items[i].weight;
			if (items[i].dropped)
				continue;
			low = fmin(low, usd[i]);
			high = fmax(high, usd[i]);
		}
		quotes_expect_near(sum, 1);
		assert_true(level >= low && level <= high);
	}
}

static void the_level_scales_with_prices_and_not_with_their_order(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 1000; round++) {
		double usd[MOST], tripled[MOST], turned[MOST];
		size_t count = draw_prices(round, usd);
		size_t shift = random_u32(6, round) % count;
		double level = level_at(usd, count);

		for (size_t i = 0; i < count; i++) {
			tripled[i] = 3 * usd[i];
			turned[count - 1 - i] = usd[(i + shift) % count];
		}
		quotes_expect_near(level_at(tripled, count), 3 * level);
		quotes_expect_near(level_at(turned, count), level);
	}
}

static void a_dearer_provider_never_lowers_the_level_of_three(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 1000; round++) {
		double usd[3], dearer[3];

		for (uint32_t i = 0; i < 3; i++)
			usd[i] = dearer[i] = 1 + random_u32(round, i) % 50;
		dearer[round % 3] *= 1.5;
		assert_true(level_at(dearer, 3) >= level_at(usd, 3));
	}
}

static void a_flood_of_one_provider_moves_nothing(void **state)
{
	static const struct offered market[] = {
		{ .provider = "a", .usd = 2.0 }, { .provider = "b", .usd = 2.1 },
		{ .provider = "c", .usd = 2.2 }, { .provider = "d", .usd = 2.3 },
		{ .provider = "e", .usd = 2.4 },
	};
	struct offered flooded[5 + 20];
	double level = quotes_level(market, 5);

	(void)state;
	memcpy(flooded, market, sizeof(market));
	for (unsigned i = 0; i < 20; i++)
		flooded[5 + i] = (struct offered){ .provider = "e", .usd = 2.4, .gpus = 16 + i };
	quotes_expect_near(level, 2.2);
	quotes_expect_near(quotes_level(flooded, 25), level);
	/* Nor does it when it is cheap: the provider has its one vote. */
	for (unsigned i = 0; i < 20; i++)
		flooded[5 + i].usd = 0.5;
	assert_true(quotes_level(flooded, 25) >= 2.1);
}

static void the_level_does_not_depend_on_the_order_of_quotes(void **state)
{
	static const struct offered rows[] = {
		{ .provider = "d", .usd = 2.3 }, { .provider = "b", .usd = 2.1 },
		{ .provider = "c", .usd = 9 },   { .provider = "a", .usd = 2.0 },
		{ .provider = "b", .usd = 2.6 }, { .provider = "e", .usd = 2.2 },
	};
	SCOPED_STALL(back);
	struct votes votes;

	(void)state;
	quotes_put_backwards(&back, rows, QUOTES_COUNT(rows));
	quotes_vote(&back, QUOTES_DAY, &votes);
	quotes_expect_near(level_of(&votes), quotes_level(rows, QUOTES_COUNT(rows)));
	/* By name: what was dropped is the third. */
	assert_int_equal(votes.dropped, 1);
	assert_true(votes.items[2].dropped);
	assert_string_equal(stall_name(&back, votes.items[2].provider), "c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_level_is_the_median_of_what_is_kept),
		cmocka_unit_test(no_provider_weighs_more_than_a_quarter_where_four_are_left),
		cmocka_unit_test(
			too_far_is_three_robust_deviations_of_which_the_least_is_two_percent),
		cmocka_unit_test(the_reach_grows_with_the_spread),
		cmocka_unit_test(the_farthest_go_first_and_of_two_as_far_the_cheaper),
		cmocka_unit_test(never_more_than_a_fifth_is_dropped_and_the_rest_sums_to_one),
		cmocka_unit_test(the_level_scales_with_prices_and_not_with_their_order),
		cmocka_unit_test(a_dearer_provider_never_lowers_the_level_of_three),
		cmocka_unit_test(a_flood_of_one_provider_moves_nothing),
		cmocka_unit_test(the_level_does_not_depend_on_the_order_of_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
