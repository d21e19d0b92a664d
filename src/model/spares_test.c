#include "model/spares.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void close_to(double value, double expected, double within)
{
	if (!(fabs(value - expected) <= within))
		fail_msg("%.9g is not %.9g within %g", value, expected, within);
}

/* A failure every three hours, a day of repair: eight nodes away. */
static const struct spare_inputs inputs = { .failures_per_h = 1.0 / 3, .nodes = 1, .repair_h = 24 };

static void nodes_away_are_poisson(void **state)
{
	double none = exp(-8);

	(void)state;
	close_to(spares_away(&inputs), 8, 1e-12);
	close_to(spares_ready(&inputs, 0), 0, 0);
	close_to(spares_ready(&inputs, 1), none, 1e-12);
	close_to(spares_ready(&inputs, 2), none * 9, 1e-12);
	close_to(spares_ready(&inputs, 40), 1, 1e-9);
}

static void a_wide_failure_needs_all_its_nodes(void **state)
{
	struct spare_inputs wide = { .failures_per_h = 1.0 / 3, .nodes = 8, .repair_h = 24 };

	(void)state;
	close_to(spares_ready(&wide, 7), 0, 0);
	close_to(spares_ready(&wide, 8), exp(-8), 1e-12);
	close_to(spares_ready(&wide, 15), exp(-8), 1e-12);
}

static void more_spares_wait_less(void **state)
{
	double before = -1;

	(void)state;
	for (uint32_t spares = 0; spares < 60; spares++) {
		double now = spares_never_wait(&inputs, spares, 1000);

		assert_true(now >= before);
		before = now;
	}
	close_to(spares_never_wait(&inputs, 0, 1000), exp(-1000.0 / 3), 1e-12);
}

static void the_number_needed_is_the_smallest(void **state)
{
	uint32_t needed = spares_needed(&inputs, 1296, 0.95, 1000);

	(void)state;
	assert_true(spares_never_wait(&inputs, needed, 1296) >= 0.95);
	assert_true(spares_never_wait(&inputs, needed - 1, 1296) < 0.95);
	assert_int_equal(spares_needed(&inputs, 1296, 0.95, 3), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_away_are_poisson),
		cmocka_unit_test(a_wide_failure_needs_all_its_nodes),
		cmocka_unit_test(more_spares_wait_less),
		cmocka_unit_test(the_number_needed_is_the_smallest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
