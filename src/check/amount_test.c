#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "check/reference.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void amounts_are_scaled_for_people(void **state)
{
	static const struct {
		double value;
		const char *unit, *text;
	} cases[] = {
		{ 7.3e14, "FLOP/s", "730 TFLOP/s" },
		{ 3.35e12, "B/s", "3.35 TB/s" },
		{ 0, "B/s", "0 B/s" },
		{ 4.2e-6, "s", "4.2 us" },
		{ 0.25, "s", "250 ms" },
		{ 90, "s", "90 s" },
		{ 12.5, "%", "12.5 %" },
		{ 12.5, NULL, "12.5" },
		{ 8000, "files/s", "8000 files/s" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(amount_text(cases[i].value, cases[i].unit, &arena),
				    cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_scaled_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
