#include "probe/release.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void a_flavour_is_what_is_left_without_numbers(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{ "6.1.0-28-amd64", "6.1.0-9-amd64", true },
		{ "6.1.0-28-cloud-amd64", "6.1.0-28-amd64", false },
		{ "6.1.0-28-rt-amd64", "6.1.0-28-amd64", false },
		{ "5.15.0-91-generic", "6.8.0-40-generic", true },
		{ "5.15.0-91-generic", "5.15.0-1053-aws", false },
		{ "6.8.0-1015-nvidia-64k", "6.8.0-1015-nvidia", false },
		{ "5.14.0-362.8.1.el9_3.x86_64", "5.14.0-427.el9.x86_64", true },
		{ "5.14.0-427.el9.aarch64+64k", "5.14.0-427.el9.aarch64", false },
		{ "5.15.0-200.el8uek.x86_64", "4.18.0-513.el8.x86_64", false },
		{ "6.18.44-fc-v782", "6.18.45-fc-v783", true },
		{ "6.1", "6.1.1", true },
		{ "", "6.1", true },
		{ "", "-amd64", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span a = span_of(cases[i].a), b = span_of(cases[i].b);

		assert_int_equal(release_same_flavour(a, b), cases[i].same);
		assert_int_equal(release_same_flavour(b, a), cases[i].same);
	}
}

static void numbers_are_compared_by_value(void **state)
{
	static const char *const rising[] = {
		"",
		"5.14.0-362.el9.x86_64",
		"5.14.0-362.8.1.el9_3.x86_64",
		"5.14.0-427.13.1.el9_4.x86_64",
		"6.1.0-9-amd64",
		"6.1.0-28-amd64",
		"6.1.0-00029-amd64",
		"6.1.0-99999999999999999999999-amd64",
		"6.1.0-100000000000000000000000-amd64",
		"6.10.0-1-amd64",
		"6.10.0-1-amd64-1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rising); i++)
		for (size_t j = 0; j < COUNT(rising); j++) {
			int order = release_compare(span_of(rising[i]), span_of(rising[j]));

			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flavour_is_what_is_left_without_numbers),
		cmocka_unit_test(numbers_are_compared_by_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
