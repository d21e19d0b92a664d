#include "advise/assumption.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void close_to(double value, double expected, double within)
{
	if (!(fabs(value - expected) <= within))
		fail_msg("%.10g is not %.10g to %g", value, expected, within);
}

static void every_assumption_has_its_unit_its_range_and_its_source(void **state)
{
	struct parameters assumptions;

	(void)state;
	assumptions_init(&assumptions);
	for (unsigned i = 0; i < ASSUMES_COUNT; i++) {
		const struct parameter_row *row = &assumption_table.rows[i];
		const struct quantity *value = &assumptions.values[i];

		assert_true(strlen(row->name) > 0 && strlen(row->unit) > 0);
		assert_true(strlen(row->meaning) > 0 && strlen(row->source) > 0);
		assert_true(value->low <= value->value && value->value <= value->high);
		assert_true(row->minimum <= value->low && value->high <= row->maximum);
	}
}

static void the_corners_are_the_ends_by_what_they_cost(void **state)
{
	static const struct quantity range = { .value = 2, .low = 1, .high = 5 };

	(void)state;
	close_to(quantity_at(range, CORNER_CHEAP, true), 1, 0);
	close_to(quantity_at(range, CORNER_VALUE, true), 2, 0);
	close_to(quantity_at(range, CORNER_DEAR, true), 5, 0);
	close_to(quantity_at(range, CORNER_CHEAP, false), 5, 0);
	close_to(quantity_at(range, CORNER_DEAR, false), 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_assumption_has_its_unit_its_range_and_its_source),
		cmocka_unit_test(the_corners_are_the_ends_by_what_they_cost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
