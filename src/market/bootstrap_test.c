#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "market/price_line.h"
#include "test/quotes.h"

#include <cmocka.h>

enum {
	MOST = 16,
	DRAWS = 500,
};

static struct votes votes_of(struct vote *items, const double *usd, size_t count)
{
	for (size_t i = 0; i < count; i++)
		items[i] = (struct vote){ .provider = (name_t)i + 1, .usd = usd[i] };
	return (struct votes){ .items = items, .count = count };
}

static struct interval interval_of(const double *usd, size_t count, uint64_t seed, unsigned threads)
{
	struct vote items[MOST];
	struct votes votes = votes_of(items, usd, count);
	struct interval interval;

	level_interval(&votes, DRAWS, seed, threads, &interval);
	return interval;
}

static const double spread[] = { 1.6, 2.9, 2.2, 1.9, 2.4, 2.0, 3.1, 2.6 };

static void the_same_seed_gives_the_same_interval_on_any_number_of_threads(void **state)
{
	struct interval once = interval_of(spread, 8, 7, 1);

	(void)state;
	for (unsigned threads = 0; threads < 6; threads++) {
		struct interval again = interval_of(spread, 8, 7, threads);

		assert_memory_equal(&once, &again, sizeof(once));
	}
	assert_int_equal(once.draws, DRAWS);
}

static void another_seed_gives_another_interval_but_not_a_very_other(void **state)
{
	/* Many prices close together, so that two draws hardly have the same ends. */
	double usd[MOST];
	struct interval one, other;

	(void)state;
	for (uint32_t i = 0; i < MOST; i++)
		usd[i] = 2 + random_u32(9, i) / 4294967296.0;
	one = interval_of(usd, MOST, 1, 1);
	other = interval_of(usd, MOST, 2, 1);
	assert_true(fabs(one.low - other.low) + fabs(one.high - other.high) > 0);
	assert_true(fabs(one.low - other.low) < 0.2 && fabs(one.high - other.high) < 0.2);
}

static void fewer_than_two_providers_or_no_draws_give_none(void **state)
{
	struct vote items[MOST];
	struct votes votes = votes_of(items, spread, 8);
	struct interval interval;

	(void)state;
	for (size_t count = 0; count < 2; count++) {
		interval = interval_of(spread, count, 1, 1);
		assert_true(isnan(interval.low) && isnan(interval.high));
		assert_int_equal(interval.draws, 0);
	}
	level_interval(&votes, 0, 1, 1, &interval);
	assert_true(isnan(interval.low) && isnan(interval.high));
}

static void the_level_lies_in_it_and_it_lies_among_the_prices(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 100; round++) {
		size_t count = 2 + random_u32(1, round) % (MOST - 1);
		struct vote items[MOST];
		double usd[MOST], low = (double)INFINITY, high = 0;
		struct interval interval;
		struct votes votes;
		double level;

		for (uint32_t i = 0; i < count; i++) {
			usd[i] = 1 + random_u32(round + 50, i) / 4294967296.0;
			low = fmin(low, usd[i]);
			high = fmax(high, usd[i]);
		}
		votes = votes_of(items, usd, count);
		level = level_of(&votes);
		level_interval(&votes, DRAWS, round, 1, &interval);
		assert_true(interval.low <= level && level <= interval.high);
		assert_true(low <= interval.low && interval.high <= high);
	}
}

static void equal_prices_leave_no_doubt(void **state)
{
	static const double equal[] = { 2, 2, 2, 2, 2 };
	struct interval interval = interval_of(equal, 5, 1, 1);

	(void)state;
	quotes_expect_near(interval.low, 2);
	quotes_expect_near(interval.high, 2);
}

/* Two providers: of a draw both are one, both the other, or one each, in shares of 1, 1 and 2. */
static void two_providers_are_as_far_apart_as_the_interval(void **state)
{
	static const double usd[] = { 2, 4 };
	struct interval interval = interval_of(usd, 2, 3, 1);

	(void)state;
	quotes_expect_near(interval.low, 2);
	quotes_expect_near(interval.high, 4);
}

/* One draw as docs/index-method.md tells it: how often each of the prices, in ascending order, was
 * drawn, and the level of those. */
static double level_of_draw(const struct price_line *line, uint64_t stream, uint32_t draw)
{
	uint32_t key = (uint32_t)(random_join(stream, draw) >> 32);
	uint32_t counts[MOST] = { 0 };

	for (uint32_t i = 0; i < line->count; i++)
		counts[(uint64_t)random_u32(key, i) * line->count >> 32]++;
	return level_counted(line->usd, line->logs, counts, line->count, line->scratch, NULL);
}

static void the_ends_are_percentiles_of_the_draws_that_the_method_tells(void **state)
{
	struct vote items[MOST];
	double usd[MOST], levels[DRAWS];
	struct price_line line;
	SCOPED_ARENA(arena);

	(void)state;
	for (uint32_t i = 0; i < MOST; i++)
		usd[i] = 2 + random_u32(8, i) / 4294967296.0;

	struct votes votes = votes_of(items, usd, MOST);
	votes_line_up(&votes, &arena, &line);
	for (uint64_t seed = 0; seed < 20; seed++) {
		uint64_t stream = random_join(seed, random_key(SPAN("market-level")));
		struct interval interval = interval_of(usd, MOST, seed, 1);

		for (uint32_t t = 0; t < DRAWS; t++)
			levels[t] = level_of_draw(&line, stream, t);
		quotes_expect_near(interval.low, quantile_of(levels, DRAWS, 0.05));
		quotes_expect_near(interval.high, quantile_of(levels, DRAWS, 0.95));
	}
}

/* Drawn five times of eight, the cheapest has a quarter of the weight and not five eighths. */
static void a_vote_that_was_drawn_often_weighs_a_quarter_at_most(void **state)
{
	static const double usd[] = { 2.00, 2.02, 2.04, 2.06, 2.08 };
	static const uint32_t counts[] = { 5, 1, 1, 1, 1 };
	double logs[5];
	struct weighted scratch[5];

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		logs[i] = log(usd[i]);
	/* A quarter, then three sixteenths each: the half is reached in the third. */
	quotes_expect_near(level_counted(usd, logs, counts, 5, scratch, NULL), 2.04);
	quotes_expect_near(scratch[0].weight, 0.25);
	quotes_expect_near(scratch[4].weight, 3.0 / 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_gives_the_same_interval_on_any_number_of_threads),
		cmocka_unit_test(another_seed_gives_another_interval_but_not_a_very_other),
		cmocka_unit_test(fewer_than_two_providers_or_no_draws_give_none),
		cmocka_unit_test(the_level_lies_in_it_and_it_lies_among_the_prices),
		cmocka_unit_test(equal_prices_leave_no_doubt),
		cmocka_unit_test(two_providers_are_as_far_apart_as_the_interval),
		cmocka_unit_test(the_ends_are_percentiles_of_the_draws_that_the_method_tells),
		cmocka_unit_test(a_vote_that_was_drawn_often_weighs_a_quarter_at_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
