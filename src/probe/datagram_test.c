#include "probe/datagram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void numbers_are_big_endian(void **state)
{
	uint8_t bytes[8] = { 0 };

	(void)state;
	datagram_put(bytes, 4, 0x01020304);
	assert_memory_equal(bytes, ((uint8_t[]){ 1, 2, 3, 4, 0, 0, 0, 0 }), 8);
	assert_int_equal(datagram_get(bytes, 3), 0x010203);
	datagram_put(bytes, 8, UINT64_MAX);
	assert_true(datagram_get(bytes, 8) == UINT64_MAX);
}

static void the_direction_is_no_status(void **state)
{
	struct mad mad = { .data = { 1, 0x81, 1, 0x81, 0x80, 0x1c } };

	(void)state;
	assert_int_equal(datagram_status(&mad), 0x1c);
	mad.data[1] = MAD_CLASS_PERFORMANCE;
	assert_int_equal(datagram_status(&mad), 0x801c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_big_endian),
		cmocka_unit_test(the_direction_is_no_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
