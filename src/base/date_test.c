#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *text;
	date_t days;
} known[] = {
	{ "1970-01-01", 0 },     { "1970-12-31", 364 },   { "1972-02-29", 789 },
	{ "2000-02-29", 11016 }, { "2000-03-01", 11017 }, { "2025-03-26", 20173 },
	{ "2038-01-19", 24855 }, { "2100-02-28", 47540 }, { "2100-03-01", 47541 },
	{ "2199-12-31", 84005 },
};

static void known_days_read_and_write(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		char text[DATE_TEXT_SIZE];
		date_t date = DATE_NONE;

		assert_true(date_parse(span_of(known[i].text), &date));
		assert_int_equal(date, known[i].days);
		assert_string_equal(date_format(date, text), known[i].text);
	}
}

static void days_that_do_not_exist_are_refused(void **state)
{
	static const char *const cases[] = {
		"",           "2025",        "2025-3-26",   "2025-03-6",
		"25-03-26",   "2025-03-261", " 2025-03-26", "2025/03/26",
		"2025-00-10", "2025-13-10",  "2025-03-00",  "2025-03-32",
		"2025-04-31", "2025-02-29",  "2100-02-29",  "1969-12-31",
		"2200-01-01", "0000-01-01",  "2025-+3-26",  "2025-03--6",
		"2025-0a-26", "2025-03-26Z", "20250326",    "-025-03-26",
		"2025-03 26",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		date_t date = 42;

		assert_false(date_parse(span_of(cases[i]), &date));
		assert_int_equal(date, 42);
	}
}

static void every_day_of_the_range_comes_back(void **state)
{
	date_t expected = 0;

	(void)state;
	for (int year = 1970; year <= 2199; year++) {
		for (int month_day = 101; month_day <= 1231; month_day++) {
			char text[32];
			char again[DATE_TEXT_SIZE];
			date_t date;

			(void)snprintf(text, sizeof(text), "%d-%02d-%02d", year, month_day / 100,
				       month_day % 100);
			if (!date_parse(span_of(text), &date))
				continue;
			assert_int_equal(date, expected);
			assert_string_equal(date_format(date, again), text);
			expected++;
		}
	}
	assert_int_equal(expected, 84006);
}

static void days_beyond_four_digit_years_have_no_text(void **state)
{
	static const struct {
		date_t date;
		const char *text;
	} cases[] = {
		{ DATE_NONE, "" },    { INT32_MAX, "" },         { -719528, "0000-01-01" },
		{ -719529, "" },      { 2932896, "9999-12-31" }, { 2932897, "" },
		{ -1, "1969-12-31" }, { -719468, "0000-03-01" }, { -719469, "0000-02-29" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[DATE_TEXT_SIZE] = "unwritten";

		assert_string_equal(date_format(cases[i].date, text), cases[i].text);
	}
}

static void seconds_fall_into_their_day(void **state)
{
	static const struct {
		int64_t seconds;
		date_t date;
	} cases[] = {
		{ 0, 0 },
		{ 86399, 0 },
		{ 86400, 1 },
		{ -1, -1 },
		{ -86400, -1 },
		{ -86401, -2 },
		{ 1742947200, 20173 },
		{ (int64_t)INT32_MAX * 86400 + 86399, INT32_MAX },
		{ ((int64_t)INT32_MAX + 1) * 86400, DATE_NONE },
		{ ((int64_t)INT32_MIN + 1) * 86400, INT32_MIN + 1 },
		{ INT64_MAX, DATE_NONE },
		{ INT64_MIN, DATE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(date_from_unix(cases[i].seconds), cases[i].date);
}

/* Against an independent calendar: gmtime_r of the C library. */
static void dates_agree_with_the_c_library(void **state)
{
	(void)state;
	for (date_t date = -200000; date < 1000000; date += 37) {
		time_t seconds = (time_t)date * 86400 + 43200;
		struct tm parts;
		char expected[64];
		char text[DATE_TEXT_SIZE];

		assert_non_null(gmtime_r(&seconds, &parts));
		(void)snprintf(expected, sizeof(expected), "%04d-%02d-%02d", parts.tm_year + 1900,
			       parts.tm_mon + 1, parts.tm_mday);
		assert_string_equal(date_format(date_from_unix(seconds), text), expected);
	}
}

static const struct {
	const char *text;
	int64_t seconds;
} moments[] = {
	{ "1970-01-01T00:00:00Z", 0 },          { "1970-01-01T23:59:59Z", 86399 },
	{ "2000-02-29T12:34:56Z", 951827696 },  { "2025-03-26T02:10:33Z", 1742955033 },
	{ "2038-01-19T03:14:08Z", 2147483648 }, { "2199-12-31T23:59:59Z", 7258118399 },
};

static void moments_read_and_write(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(moments); i++) {
		char text[TIME_TEXT_SIZE];
		int64_t seconds = -1;

		assert_true(time_parse(span_of(moments[i].text), &seconds));
		assert_int_equal(seconds, moments[i].seconds);
		assert_string_equal(time_format(moments[i].seconds, text), moments[i].text);
	}
}

static void moments_that_do_not_exist_are_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"2025-03-26",
		"2025-03-26T02:10:33",
		"2025-03-26T02:10:33z",
		"2025-03-26t02:10:33Z",
		"2025-03-26 02:10:33Z",
		"2025-03-26T24:00:00Z",
		"2025-03-26T02:60:33Z",
		"2025-03-26T02:10:60Z",
		"2025-02-29T02:10:33Z",
		"1969-12-31T23:59:59Z",
		"2025-03-26T02:10:3Z",
		"2025-03-26T02:10:33ZZ",
		"2025-03-26T02-10-33Z",
		"2025-03-26T+2:10:33Z",
		"2025-03-26T02:1a:33Z",
		"2025-03-26T02:10:33.5Z",
		"2025-03-26T02:10:33+00:00",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t seconds = 42;

		assert_false(time_parse(span_of(cases[i]), &seconds));
		assert_int_equal(seconds, 42);
	}
}

static void moments_beyond_four_digit_years_have_no_text(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{ -1, "1969-12-31T23:59:59Z" },
		{ -62167219200, "0000-01-01T00:00:00Z" },
		{ -62167219201, "" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
		{ 253402300800, "" },
		{ INT64_MAX, "" },
		{ INT64_MIN, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[TIME_TEXT_SIZE] = "unwritten";

		assert_string_equal(time_format(cases[i].seconds, text), cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_days_read_and_write),
		cmocka_unit_test(days_that_do_not_exist_are_refused),
		cmocka_unit_test(every_day_of_the_range_comes_back),
		cmocka_unit_test(days_beyond_four_digit_years_have_no_text),
		cmocka_unit_test(seconds_fall_into_their_day),
		cmocka_unit_test(dates_agree_with_the_c_library),
		cmocka_unit_test(moments_read_and_write),
		cmocka_unit_test(moments_that_do_not_exist_are_refused),
		cmocka_unit_test(moments_beyond_four_digit_years_have_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
