#include "probe/cpu_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void lists_are_numbers_and_ranges(void **state)
{
	static const struct {
		const char *text;
		int count; /* -1: refused */
		unsigned first;
	} cases[] = {
		{ "0\n", 1, 0 },
		{ "0-3,8", 5, 0 },
		{ "64-127,192-255\n", 128, 64 },
		{ "3,3,2-4", 3, 2 },
		{ " 5 \n", 1, 5 },
		{ "8191", 1, 8191 },
		{ "", 0, CPU_LIST_MAXIMUM },
		{ "\n", 0, CPU_LIST_MAXIMUM },
		{ "8192", -1, 0 },
		{ "0-8192", -1, 0 },
		{ "0-18446744073709551615", -1, 0 },
		{ "99999999999999999999999", -1, 0 },
		{ "3-1", -1, 0 },
		{ "3-", -1, 0 },
		{ "-3", -1, 0 },
		{ "1-2-3", -1, 0 },
		{ "1,", -1, 0 },
		{ ",1", -1, 0 },
		{ "1,,2", -1, 0 },
		{ "a", -1, 0 },
		{ "0x3", -1, 0 },
		{ "1\n2", -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cpu_list list = { .count = 77 };
		bool is_list = cpu_list_parse(span_of(cases[i].text), &list);

		assert_int_equal(is_list, cases[i].count >= 0);
		assert_int_equal(list.count, is_list ? (unsigned)cases[i].count : 77);
		if (is_list)
			assert_int_equal(cpu_list_next(&list, 0), cases[i].first);
	}
}

static void every_member_is_found_in_order(void **state)
{
	static const unsigned expected[] = { 0, 1, 63, 64, 4000, 8191 };
	struct cpu_list list, other;
	unsigned cpu = 0;

	(void)state;
	assert_true(cpu_list_parse(SPAN("0-1,63-64,4000,8191"), &list));
	for (size_t i = 0; i < COUNT(expected); i++) {
		cpu = cpu_list_next(&list, cpu);
		assert_int_equal(cpu, expected[i]);
		assert_true(cpu_list_has(&list, cpu));
		assert_int_equal(cpu_list_has(&list, cpu + 1), cpu == 0 || cpu == 63);
		cpu++;
	}
	assert_int_equal(cpu_list_next(&list, cpu), CPU_LIST_MAXIMUM);
	assert_int_equal(cpu_list_next(&list, UINT32_MAX), CPU_LIST_MAXIMUM);
	assert_false(cpu_list_has(&list, UINT32_MAX));

	assert_true(cpu_list_parse(SPAN("1-100"), &other));
	cpu_list_remove(&list, &other);
	assert_int_equal(list.count, 3);
	assert_int_equal(cpu_list_next(&list, 1), 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_numbers_and_ranges),
		cmocka_unit_test(every_member_is_found_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
