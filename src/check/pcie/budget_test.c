#include "check/pcie/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_budget_grows_with_speed_and_lanes(void **state)
{
	static const struct {
		double speed, lanes;
		int per_minute;
	} cases[] = {
		{ 2.5, 1, 1 },    { 2.5, 16, 3 },   { 5.0, 16, 5 },   { 8.0, 16, 8 },
		{ 16.0, 16, 16 }, { 32.0, 16, 31 }, { 64.0, 16, 62 }, { 32.0, 4, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double per_minute = 0.0;

		assert_true(pcie_budget(cases[i].speed, cases[i].lanes, &per_minute));
		assert_int_equal((int)per_minute, cases[i].per_minute);
	}
}

static void what_is_no_link_has_none(void **state)
{
	double per_minute = 0.0;

	(void)state;
	assert_false(pcie_budget(3.0, 16, &per_minute));
	assert_false(pcie_budget(32.0, 0, &per_minute));
	assert_false(pcie_budget(32.0, 63, &per_minute));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_budget_grows_with_speed_and_lanes),
		cmocka_unit_test(what_is_no_link_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
