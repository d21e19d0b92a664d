#include "market/moment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void moments_are_read_as_sources_write_them(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = {
		{ "1970-01-01", 0 },
		{ "2026-07-06", 1783296000 },
		{ "2026-07-06T10:10:58Z", 1783332658 },
		{ "2026-07-06 10:10:58", 1783332658 },
		{ "2026-07-06T10:10:58.170Z", 1783332658 },
		{ "2026-07-06T10:10:58.999852+00:00", 1783332658 },
		{ "2026-07-06T12:10:58+02:00", 1783332658 },
		{ "2026-07-06T05:10:58-0500", 1783332658 },
		{ "2026-07-06T12:10:58+02", 1783332658 },
	};
	int64_t seconds;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(moment_parse(span_of(cases[i].text), &seconds));
		assert_int_equal(seconds, cases[i].seconds);
	}
}

static void what_is_no_moment_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"2026-7-6",
		"2026-02-30",
		"06.07.2026",
		"1783332658",
		"2026-07-06T",
		"2026-07-06T24:00:00Z",
		"2026-07-06T10:60:00Z",
		"2026-07-06T10:10:60Z",
		"2026-07-06T10:10Z",
		"2026-07-06T10:10:58X",
		"2026-07-06T10:10:58.Z",
		"2026-07-06T10:10:58+2",
		"2026-07-06T10:10:58+99:00",
		"2026-07-06T10:10:58Z ",
	};
	int64_t seconds = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(moment_parse(span_of(bad[i]), &seconds));
	assert_int_equal(seconds, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moments_are_read_as_sources_write_them),
		cmocka_unit_test(what_is_no_moment_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
