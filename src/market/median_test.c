#include "market/median.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "test/quotes.h"

#include <cmocka.h>

enum {
	MOST = 12,
};

static void the_median_is_the_middle_or_the_mean_of_two(void **state)
{
	static const struct {
		double values[MOST];
		size_t count;
		double median;
	} cases[] = {
		{ { 3 }, 1, 3 },
		{ { 4, 2 }, 2, 3 },
		{ { 9, 1, 5 }, 3, 5 },
		{ { 4, 1, 3, 2 }, 4, 2.5 },
		{ { 2, 2, 2, 2, 9 }, 5, 2 },
		{ { 1, 1, 9, 9 }, 4, 5 },
		{ { 5, 4, 3, 2, 1, 0.5 }, 6, 2.5 },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		double values[MOST];

		memcpy(values, cases[i].values, sizeof(values));
		quotes_expect_near(median_of(values, cases[i].count), cases[i].median);
	}
	assert_true(isnan(median_of(NULL, 0)));
}

static int by_number(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

/* Against sorting, with few different values, so that many are equal. */
static void the_median_agrees_with_sorting(void **state)
{
	double values[101], sorted[101];

	(void)state;
	for (uint32_t round = 0; round < 2000; round++) {
		size_t count = 1 + random_u32(1, round) % 101;
		uint32_t different = 1 + random_u32(2, round) % 120;

		for (uint32_t i = 0; i < count; i++)
			values[i] = sorted[i] = 1 + random_u32(round + 10, i) % different;
		qsort(sorted, count, sizeof(*sorted), by_number);
		quotes_expect_near(median_of(values, count),
				   (sorted[(count - 1) / 2] + sorted[count / 2]) / 2);
	}
}

static void a_quantile_lies_between_two_by_their_distance(void **state)
{
	static const struct {
		double share, value;
	} cases[] = {
		{ 0, 1 },    { 0.25, 2 },   { 0.5, 4 }, { 0.625, 6 },
		{ 0.75, 8 }, { 0.9, 12.8 }, { 1, 16 },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		double values[] = { 16, 1, 4, 8, 2 };

		quotes_expect_near(quantile_of(values, 5, cases[i].share), cases[i].value);
	}
	assert_true(isnan(quantile_of(NULL, 0, 0.5)));
}

static void a_value_that_counts_n_times_stands_n_times(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 500; round++) {
		struct counted values[MOST];
		size_t count = 1 + random_u32(3, round) % MOST, length = 0;
		double list[MOST * 5];

		for (uint32_t i = 0; i < count; i++) {
			values[i] = (struct counted){
				.value = 1 + random_u32(round, 2 * i) % 9,
				.count = 1 + random_u32(round, 2 * i + 1) % 5,
			};
			for (uint32_t k = 0; k < values[i].count; k++)
				list[length++] = values[i].value;
		}
		quotes_expect_near(median_counted(values, count), median_of(list, length));
	}
	assert_true(isnan(median_counted(NULL, 0)));
}

static void the_weighted_median_is_where_half_of_the_weight_is_reached(void **state)
{
	static const struct {
		struct weighted values[5];
		size_t count;
		double median;
	} cases[] = {
		{ { { 3, 0.1 } }, 1, 3 },
		{ { { 1, 1 }, { 2, 1 }, { 3, 1 } }, 3, 2 },
		{ { { 1, 0.2 }, { 2, 0.2 }, { 9, 0.6 } }, 3, 9 },
		/* Exactly half: between it and the next that has a weight. */
		{ { { 1, 1 }, { 3, 1 } }, 2, 2 },
		{ { { 1, 0.25 }, { 2, 0.25 }, { 4, 0.5 } }, 3, 3 },
		{ { { 1, 1 }, { 2, 0 }, { 5, 1 } }, 3, 3 },
		/* Ten tenths do not sum to one in binary. */
		{ { { 1, 0.1 }, { 2, 0.2 }, { 3, 0.2 }, { 4, 0.1 }, { 5, 0.4 } }, 5, 3.5 },
		{ { { 1, 0 }, { 7, 0.3 }, { 8, 0 } }, 3, 7 },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++)
		quotes_expect_near(median_weighted(cases[i].values, cases[i].count),
				   cases[i].median);
	assert_true(isnan(median_weighted(NULL, 0)));
	assert_true(isnan(median_weighted((struct weighted[]){ { 1, 0 } }, 1)));
}

static void sorting_is_by_value_then_weight(void **state)
{
	struct weighted values[] = { { 2, 0.3 }, { 1, 0.5 }, { 2, 0.1 } };

	(void)state;
	weighted_sort(values, 3);
	quotes_expect_near(values[0].value, 1);
	quotes_expect_near(values[1].weight, 0.1);
	quotes_expect_near(values[2].weight, 0.3);
	weighted_sort(NULL, 0);
}

static void a_weight_above_the_cap_goes_to_the_others_in_proportion(void **state)
{
	static const struct {
		double cap, before[6], after[6];
		size_t count;
	} cases[] = {
		{ 0.30, { 5, 1, 1, 1, 2 }, { 0.3, 0.14, 0.14, 0.14, 0.28 }, 5 },
		/* What the first gives lifts the last above the cap, which gives in turn. */
		{ 0.25, { 5, 1, 1, 1, 2 }, { 0.25, 0.5 / 3, 0.5 / 3, 0.5 / 3, 0.25 }, 5 },
		{ 0.25, { 1, 1, 1, 1, 1 }, { 0.2, 0.2, 0.2, 0.2, 0.2 }, 5 },
		{ 0.25, { 1, 9, 0 }, { 0.5, 0.5, 0 }, 3 },
		{ 0.25, { 1, 2, 3, 4 }, { 0.25, 0.25, 0.25, 0.25 }, 4 },
		{ 0.25, { 7 }, { 1 }, 1 },
		{ 0.25, { 0, 0 }, { 0, 0 }, 2 },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		struct weighted values[6] = { 0 };

		for (size_t k = 0; k < cases[i].count; k++)
			values[k].weight = cases[i].before[k];
		weights_cap(values, cases[i].count, cases[i].cap);
		for (size_t k = 0; k < cases[i].count; k++)
			quotes_expect_near(values[k].weight, cases[i].after[k]);
	}
}

/* Whatever the weights: they sum to one, none is above the cap where it can hold, and a heavier one
 * is never lighter afterwards. */
static void capped_weights_keep_sum_cap_and_order(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 2000; round++) {
		struct weighted before[MOST], after[MOST];
		size_t count = 1 + random_u32(4, round) % MOST;
		double sum = 0;

		for (uint32_t i = 0; i < count; i++) {
			before[i].value = i;
			before[i].weight = 1 + random_u32(round, i) % 50;
		}
		memcpy(after, before, sizeof(after));
		weights_cap(after, count, 0.25);
		for (size_t i = 0; i < count; i++) {
			sum += after[i].weight;
			if (count >= 4)
				assert_true(after[i].weight <= 0.25 + 1e-9);
			for (size_t k = 0; k < count; k++)
				if (before[k].weight < before[i].weight)
					assert_true(after[k].weight <= after[i].weight + 1e-12);
		}
		quotes_expect_near(sum, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_median_is_the_middle_or_the_mean_of_two),
		cmocka_unit_test(the_median_agrees_with_sorting),
		cmocka_unit_test(a_quantile_lies_between_two_by_their_distance),
		cmocka_unit_test(a_value_that_counts_n_times_stands_n_times),
		cmocka_unit_test(the_weighted_median_is_where_half_of_the_weight_is_reached),
		cmocka_unit_test(sorting_is_by_value_then_weight),
		cmocka_unit_test(a_weight_above_the_cap_goes_to_the_others_in_proportion),
		cmocka_unit_test(capped_weights_keep_sum_cap_and_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
