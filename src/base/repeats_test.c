#include "base/repeats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_near(double value, double expected)
{
	if (!(fabs(value - expected) <= 1e-12 * (1 + fabs(expected))))
		fail_msg("%.17g, expected %.17g", value, expected);
}

static void nothing_says_nothing(void **state)
{
	struct repeats repeats = { .count = 0 };
	struct repeats_summary summary = repeats_summary(&repeats);

	(void)state;
	assert_int_equal(summary.count, 0);
	assert_near(summary.median, 0);
	assert_false(repeats_are_enough(&repeats, 1));
}

/* Six values: the chance that all lie on one side of the median is 2 / 64, 3.1 %. */
static void six_values_are_bounded_by_the_extremes(void **state)
{
	static const double values[] = { 5, 1, 3, 2, 6, 4 };
	struct repeats repeats = { .count = 0 };
	struct repeats_summary summary;

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		repeats_add(&repeats, values[i]);
	summary = repeats_summary(&repeats);
	assert_near(summary.median, 3.5);
	assert_near(summary.low, 1);
	assert_near(summary.high, 6);
	assert_near(summary.spread, 5 / 3.5);
	assert_near(summary.deviation, 1.4826 * 1.5);
}

/* The table of the sign test: of 20 values the 6th from either end, of 100 the 40th. */
static void the_bounds_are_those_of_the_sign_test(void **state)
{
	static const struct {
		unsigned count;
		double low, high;
	} cases[] = { { 8, 1, 8 }, { 9, 2, 8 }, { 20, 6, 15 }, { 100, 40, 61 } };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct repeats repeats = { .count = 0 };

		for (unsigned k = 1; k <= cases[i].count; k++)
			repeats_add(&repeats, k);
		assert_near(repeats_summary(&repeats).low, cases[i].low);
		assert_near(repeats_summary(&repeats).high, cases[i].high);
	}
}

static void one_slow_run_moves_nothing(void **state)
{
	struct repeats repeats = { .count = 0 };

	(void)state;
	for (unsigned i = 0; i < 20; i++)
		repeats_add(&repeats, i == 7 ? 1 : 100 + 0.01 * i);
	assert_true(repeats_are_enough(&repeats, 0.01));
	assert_true(repeats_summary(&repeats).median > 100);
	assert_near(repeats_summary(&repeats).minimum, 1);
}

static void what_is_no_number_is_left_out(void **state)
{
	struct repeats repeats = { .count = 0 };

	(void)state;
	repeats_add(&repeats, (double)NAN);
	repeats_add(&repeats, (double)INFINITY);
	assert_int_equal(repeats.count, 0);
	for (unsigned i = 0; i < 2 * REPEATS_MAXIMUM; i++)
		repeats_add(&repeats, i % 2 == 0 ? 1 : 1000);
	assert_int_equal(repeats.count, REPEATS_MAXIMUM);
	assert_true(repeats_are_enough(&repeats, 0.01));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_says_nothing),
		cmocka_unit_test(six_values_are_bounded_by_the_extremes),
		cmocka_unit_test(the_bounds_are_those_of_the_sign_test),
		cmocka_unit_test(one_slow_run_moves_nothing),
		cmocka_unit_test(what_is_no_number_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
