#include "check/gpu/spread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_bad_one_moves_neither_middle_nor_spread(void **state)
{
	double odd[] = { 44, 41, 90, 42, 43 }, even[] = { 1, 2, 3, 100 };
	struct spread spread = spread_of(odd, 5);

	(void)state;
	assert_float_equal(spread.median, 43, 1e-9);
	assert_float_equal(spread.deviation, 1.4826, 1e-9); /* of 0, 1, 1, 2, 47 */
	spread = spread_of(even, 4);
	assert_float_equal(spread.median, 2.5, 1e-9);
	assert_float_equal(spread.deviation, 1.4826, 1e-9); /* of 0.5, 0.5, 1.5, 97.5 */
}

static void nothing_has_no_middle(void **state)
{
	struct spread spread = spread_of(NULL, 0);

	(void)state;
	assert_int_equal(spread.count, 0);
	assert_float_equal(spread.median, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bad_one_moves_neither_middle_nor_spread),
		cmocka_unit_test(nothing_has_no_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
