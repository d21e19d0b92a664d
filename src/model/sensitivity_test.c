#include "model/sensitivity.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct parameter_row rows[] = {
	{ "small", "USD", 10, 0, 1000, "", "" },
	{ "large", "USD", 100, 0, 1000, "", "" },
	{ "idle", "USD", 5, 0, 1000, "", "" },
	{ "share", "share", 0.98, 0, 1, "", "" },
	{ "absent", "USD", (double)NAN, 0, 1000, "", "" },
};

static const struct parameter_table table = { "sum", rows, 5 };

static double sum(const double *values)
{
	return values[0] + values[1] + values[3];
}

static void the_widest_swing_comes_first(void **state)
{
	struct arena arena = { 0 };
	struct parameters parameters;
	struct swing *swings = NULL;
	unsigned count = 0;

	(void)state;
	parameters_init(&parameters, &table);
	sensitivity_find(&parameters, sum, 0, &arena, &swings, &count);
	assert_int_equal(count, 3);
	assert_int_equal(swings[0].parameter, 1);
	assert_true(fabs(swings[0].low - 90) < 1e-9 && fabs(swings[0].high - 110) < 1e-9);
	assert_false(swings[0].ranged);
	assert_int_equal(swings[1].parameter, 0);
	assert_true(fabs(swings[1].figure_high - swings[1].figure_low - 2) < 1e-9);
	/* A step does not leave the bounds. */
	assert_true(fabs(swings[2].high - 1) < 1e-12);
	sensitivity_find(&parameters, sum, 1u << 1, &arena, &swings, &count);
	assert_int_equal(count, 2);
	assert_int_equal(swings[0].parameter, 0);
	arena_release(&arena);
}

static void a_range_is_moved_over_the_whole_of_it(void **state)
{
	struct arena arena = { 0 };
	struct parameters parameters;
	struct swing *swings = NULL;
	unsigned count = 0;

	(void)state;
	parameters_init(&parameters, &table);
	parameters.values[0] = (struct quantity){ .value = 10, .low = 1, .high = 90 };
	sensitivity_find(&parameters, sum, 0, &arena, &swings, &count);
	assert_int_equal(swings[0].parameter, 0);
	assert_true(swings[0].ranged);
	assert_true(fabs(swings[0].figure_high - swings[0].figure_low - 89) < 1e-9);
	arena_release(&arena);
}

static void a_spread_is_as_wide_as_its_ranges(void **state)
{
	struct parameters parameters;

	(void)state;
	parameters_init(&parameters, &table);
	struct quantity spread = figure_spread(&parameters, sum, 1, 1000);
	assert_false(quantity_is_range(spread));
	parameters.values[1] = (struct quantity){ .value = 100, .low = 50, .high = 150 };
	spread = figure_spread(&parameters, sum, 1, 10000);
	/* A tenth of a triangle's draws lie below low + width (0.1 / 2)^0.5. */
	assert_true(fabs(spread.low - (50 + 100 * sqrt(0.05) + 10.98)) < 1);
	assert_true(fabs(spread.high - (150 - 100 * sqrt(0.05) + 10.98)) < 1);
	assert_true(fabs(spread.value - 110.98) < 1e-9);
	assert_false(quantity_is_range(figure_spread(&parameters, sum, 1, 0)));
}

static void the_seed_decides_the_spread(void **state)
{
	struct parameters parameters;

	(void)state;
	parameters_init(&parameters, &table);
	parameters.values[1] = (struct quantity){ .value = 100, .low = 50, .high = 150 };
	struct quantity first = figure_spread(&parameters, sum, 1, 500);
	struct quantity again = figure_spread(&parameters, sum, 1, 500);
	struct quantity other = figure_spread(&parameters, sum, 2, 500);
	assert_memory_equal(&first, &again, sizeof(first));
	assert_true(fabs(first.low - other.low) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_widest_swing_comes_first),
		cmocka_unit_test(a_range_is_moved_over_the_whole_of_it),
		cmocka_unit_test(a_spread_is_as_wide_as_its_ranges),
		cmocka_unit_test(the_seed_decides_the_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
