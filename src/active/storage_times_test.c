#include "active/storage_times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

static void percentiles_are_of_the_nearest_rank(void **state)
{
	struct storage_times times;

	(void)state;
	SCOPED_ARENA(arena);
	times_start(&times, 100, &arena);
	for (unsigned i = 200; i > 0; i--)
		times_add(&times, i);
	assert_int_equal(times.count, 100);
	assert_true(fabs(times_percentile(&times, 0.5) - 150) < 1e-9);
	assert_true(fabs(times_percentile(&times, 0.99) - 199) < 1e-9);
	assert_true(fabs(times_percentile(&times, 1) - 200) < 1e-9);
	assert_true(fabs(times_sum(&times) - 15050) < 1e-9);
}

static void of_none_there_is_none(void **state)
{
	struct storage_times times;

	(void)state;
	SCOPED_ARENA(arena);
	times_start(&times, 1, &arena);
	assert_true(isnan(times_percentile(&times, 0.5)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles_are_of_the_nearest_rank),
		cmocka_unit_test(of_none_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
