#include "fabric/naming.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_guid_is_read_in_each_of_its_forms(void **state)
{
	static const char *const good[] = { "0xb83fd20300a1b2c0", "b83fd20300a1b2c0",
					    "B83FD20300A1B2C0", "b83f:d203:00a1:b2c0",
					    "b8:3f:d2:03:00:a1:b2:c0" };
	static const char *const bad[] = {
		"",
		"0x",
		"0",
		"0x0",
		"0000000000000000",
		"b83fd20300a1b2c",
		"b83fd20300a1b2c00",
		"0xb83fd20300a1b2c00",
		"b83f:d203:00a1",
		"b83f:d203:00a1:b2c0:1234",
		"b83f:d203:00a1b:2c0",
		"0xb83f:d203:00a1:b2c0",
		"b83f:d203:00a1:b2cg",
		"b83f-d203-00a1-b2c0",
		"::::",
		"mlx5_0",
		"b83fd20300a1b2c0 ",
	};
	uint64_t guid = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		guid = 0;
		assert_true(guid_parse(span_of(good[i]), &guid));
		assert_true(guid == 0xb83fd20300a1b2c0);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(guid_parse(span_of(bad[i]), &guid));
	assert_true(guid_parse(SPAN("0x2c90300a1b2c0"), &guid));
	assert_true(guid == 0x0002c90300a1b2c0);
}

static void names_stand_in_the_order_that_people_expect(void **state)
{
	static const char *const order[] = {
		"",
		"a",
		"a-1",
		"a0",
		"a01",
		"a1",
		"a2",
		"a2b",
		"a10",
		"a10b2",
		"a10b10",
		"b",
		"n0009",
		"n9a",
		"n10",
		"n99999999999999999999",
		"n100000000000000000000",
	};
	size_t count = sizeof(order) / sizeof(order[0]);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++) {
			int said = name_compare(order[i], order[j]);

			if (i == j)
				assert_int_equal(said, 0);
			else
				assert_true(i < j ? said < 0 : said > 0);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_guid_is_read_in_each_of_its_forms),
		cmocka_unit_test(names_stand_in_the_order_that_people_expect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
