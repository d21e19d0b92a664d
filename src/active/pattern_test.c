#include "active/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_changed_byte_of_a_pattern_is_counted(void **state)
{
	unsigned char bytes[1024];

	(void)state;
	pattern_fill(3, 4096, bytes, sizeof(bytes));
	assert_int_equal(pattern_differs(3, 4096, bytes, sizeof(bytes)), 0);
	bytes[17] ^= 1;
	bytes[1023] ^= 0x80;
	assert_int_equal(pattern_differs(3, 4096, bytes, sizeof(bytes)), 2);
}

static void another_place_or_seed_is_another_pattern(void **state)
{
	unsigned char bytes[512];

	(void)state;
	pattern_fill(3, 0, bytes, sizeof(bytes));
	assert_true(pattern_differs(3, 512, bytes, sizeof(bytes)) > 400);
	assert_true(pattern_differs(4, 0, bytes, sizeof(bytes)) > 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_changed_byte_of_a_pattern_is_counted),
		cmocka_unit_test(another_place_or_seed_is_another_pattern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
