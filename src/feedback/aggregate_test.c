#include "feedback/aggregate.h"

#include "base/random.h"
#include "feedback/rule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum {
	CASES = 2000,
	VOICES = 12,
};

static void expect_near(double value, double wanted, double within)
{
	assert_true(fabs(value - wanted) <= within);
}

static double chance(uint64_t key, uint32_t *counter)
{
	return (double)(random_u64(key, (*counter)++) >> 11) / 9007199254740992.0;
}

static uint32_t invent(uint64_t key, uint32_t *counter, struct said *said)
{
	uint32_t count = 1 + (uint32_t)(chance(key, counter) * (VOICES - 1));

	for (uint32_t i = 0; i < count; i++) {
		/* Half of the cases are a house divided in two. */
		said[i].worth = key % 2 ? chance(key, counter) : chance(key, counter) > 0.5;
		said[i].weight = 0.1 + 0.9 * chance(key, counter);
	}
	return count;
}

static void nobody_is_the_presumption_and_anything_may_be(void **state)
{
	struct interval interval = aggregate_interval(NULL, 0, 0.25);

	(void)state;
	expect_near(aggregate_mean(NULL, 0, 0.25, PRIOR_WEIGHT), 0.25, 0);
	expect_near(interval.low, 0, 0);
	expect_near(interval.high, 1, 0);
}

static void few_voices_stay_near_the_presumption(void **state)
{
	struct said said[30];
	double last = 0.25;

	(void)state;
	for (uint32_t i = 0; i < 30; i++) {
		said[i] = (struct said){ .worth = 0.75, .weight = 1 };
		double mean = aggregate_mean(said, i + 1, 0.25, PRIOR_WEIGHT);

		/* Within the width the mean is the plain one. */
		expect_near(mean, (0.5 + 0.75 * (i + 1)) / (3.0 + i), 1e-9);
		assert_true(mean > last);
		last = mean;
	}
}

static void one_more_moves_the_mean_towards_it(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= CASES; seed++) {
		struct said said[VOICES + 1];
		uint32_t counter = 0, count = invent(seed, &counter, said);
		double before = aggregate_mean(said, count, 0.25, PRIOR_WEIGHT);
		double one = chance(seed, &counter);
		double after;

		said[count] = (struct said){ .worth = one, .weight = chance(seed, &counter) };
		after = aggregate_mean(said, count + 1, 0.25, PRIOR_WEIGHT);
		if (one > before)
			assert_true(after >= before - 1e-12 && after <= one + 1e-12);
		else
			assert_true(after <= before + 1e-12 && after >= one - 1e-12);
	}
}

static void what_joins_moves_it_by_a_bound(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= CASES; seed++) {
		struct said said[VOICES + 1];
		uint32_t counter = 0, count = invent(seed, &counter, said);
		double before = aggregate_mean(said, count, 0.25, PRIOR_WEIGHT), weight = 0;
		double joins = chance(seed, &counter);

		for (uint32_t i = 0; i < count; i++)
			weight += said[i].weight;
		for (unsigned worth = 0; worth < 2; worth++) {
			said[count] = (struct said){ .worth = worth, .weight = joins };
			assert_true(fabs(aggregate_mean(said, count + 1, 0.25, PRIOR_WEIGHT) -
					 before) <=
				    joins / (PRIOR_WEIGHT + weight - joins) + 1e-12);
		}
	}
}

static void signs_are_alike(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= CASES; seed++) {
		struct said said[VOICES + 1];
		uint32_t counter = 0, count = invent(seed, &counter, said);
		double mean = aggregate_mean(said, count, 0.3, PRIOR_WEIGHT);
		struct interval interval = aggregate_interval(said, count, 0.3);
		struct interval turned;

		for (uint32_t i = 0; i < count; i++)
			said[i].worth = 1 - said[i].worth;
		turned = aggregate_interval(said, count, 0.7);
		expect_near(aggregate_mean(said, count, 0.7, PRIOR_WEIGHT), 1 - mean, 1e-9);
		expect_near(turned.low, 1 - interval.high, 1e-9);
		expect_near(turned.high, 1 - interval.low, 1e-9);
	}
}

static void the_width_is_what_the_weight_allows(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= CASES; seed++) {
		struct said said[VOICES + 1];
		uint32_t counter = 0, count = invent(seed, &counter, said);
		double mean = aggregate_mean(said, count, 0.25, PRIOR_WEIGHT), weight = 0;
		struct interval interval = aggregate_interval(said, count, 0.25);
		double least;

		for (uint32_t i = 0; i < count; i++)
			weight += said[i].weight;
		least = Z_90 * sqrt(SPREAD_PRIOR_WEIGHT * mean * (1 - mean) /
				    (SPREAD_PRIOR_WEIGHT + weight) / weight);
		assert_true(interval.low <= mean && mean <= interval.high);
		assert_true(interval.low <= fmax(0, mean - least) + 1e-12);
		assert_true(interval.high >= fmin(1, mean + least) - 1e-12);
	}
}

static void the_median_is_the_lower_one(void **state)
{
	const struct said said[] = { { 0, 1 }, { 0.4, 1 }, { 0.8, 1 }, { 1, 1 } };
	const struct said heavy[] = { { 0, 0.1 }, { 0, 0.1 }, { 1, 1 } };

	(void)state;
	assert_int_equal(aggregate_median(said, 4), 1);
	assert_int_equal(aggregate_median(said, 3), 1);
	assert_int_equal(aggregate_median(said, 1), 0);
	assert_int_equal(aggregate_median(heavy, 3), 2);
}

static void a_crowd_of_a_class_is_bounded_and_never_nothing(void **state)
{
	double sum = 0;

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		double one = aggregate_thinned(i * 0.1, 0.1, 0.25);

		assert_true(one > 0 && one <= 0.1 + 1e-12);
		sum += one;
	}
	assert_true(sum < 0.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_the_presumption_and_anything_may_be),
		cmocka_unit_test(few_voices_stay_near_the_presumption),
		cmocka_unit_test(one_more_moves_the_mean_towards_it),
		cmocka_unit_test(what_joins_moves_it_by_a_bound),
		cmocka_unit_test(signs_are_alike),
		cmocka_unit_test(the_width_is_what_the_weight_allows),
		cmocka_unit_test(the_median_is_the_lower_one),
		cmocka_unit_test(a_crowd_of_a_class_is_bounded_and_never_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
