#include "base/span.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void comparing_follows_bytes_then_length(void **state)
{
	static const struct {
		const char *a, *b;
		int order;
	} cases[] = {
		{ "", "", 0 },          { "a", "a", 0 },   { "a", "b", -1 }, { "b", "a", 1 },
		{ "a", "ab", -1 },      { "ab", "a", 1 },  { "", "a", -1 },  { "Z", "a", -1 },
		{ "\xc3\xa4", "z", 1 }, { "ab", "b", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span a = span_of(cases[i].a);
		struct span b = span_of(cases[i].b);
		int order = span_compare(a, b);

		assert_int_equal((order > 0) - (order < 0), cases[i].order);
		assert_int_equal(span_equal(a, b), cases[i].order == 0);
		assert_int_equal(span_is(a, cases[i].b), cases[i].order == 0);
	}
}

static void null_is_the_empty_span(void **state)
{
	struct span none = span_of(NULL);
	struct span rest = none, head;

	(void)state;
	assert_null(none.at);
	assert_int_equal(none.length, 0);
	assert_true(span_is(none, ""));
	assert_true(span_starts(none, ""));
	assert_false(span_starts(none, "a"));
	assert_int_equal(span_compare(none, SPAN("")), 0);
	assert_int_equal(span_trim(none).length, 0);
	head = SPAN("what was there");
	assert_false(span_cut(&rest, ',', &head));
	assert_int_equal(head.length, 0);
	assert_true(span_is_utf8(none, NULL));
}

static void contains_finds_a_text_anywhere(void **state)
{
	(void)state;
	assert_true(span_contains(SPAN("aab"), "ab"));
	assert_true(span_contains(SPAN("ab"), "ab"));
	assert_true(span_contains(SPAN("xyab"), "b"));
	assert_false(span_contains(SPAN("a"), "ab"));
	assert_false(span_contains(SPAN("aaa"), "ab"));
	assert_true(span_contains(span_of(NULL), ""));
	assert_false(span_contains(span_of(NULL), "a"));
}

static void behind_gives_what_follows_the_first_place(void **state)
{
	struct span rest = SPAN("as it was");

	(void)state;
	assert_true(span_behind(SPAN("aab, ab!"), "ab", &rest));
	assert_true(span_is(rest, ", ab!"));
	assert_true(span_behind(SPAN("ab"), "ab", &rest));
	assert_int_equal(rest.length, 0);
	assert_true(span_behind(SPAN("ab"), "", &rest));
	assert_true(span_is(rest, "ab"));
	assert_false(span_behind(SPAN("a"), "ab", &rest));
	assert_true(span_is(rest, "ab"));
}

static void starts_compares_whole_prefixes(void **state)
{
	(void)state;
	assert_true(span_starts(SPAN("rail-1"), "rail-"));
	assert_true(span_starts(SPAN("rail"), "rail"));
	assert_false(span_starts(SPAN("rai"), "rail"));
	assert_false(span_starts(SPAN("Rail"), "rail"));
}

static void trim_takes_blanks_and_tabs_only(void **state)
{
	static const struct {
		const char *text, *trimmed;
	} cases[] = {
		{ "", "" },   { " ", "" },       { " \t a b\t ", "a b" },
		{ "a", "a" }, { "\na ", "\na" }, { "\t\t", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_true(span_is(span_trim(span_of(cases[i].text)), cases[i].trimmed));
}

static void cut_yields_what_stands_between_separators(void **state)
{
	static const struct {
		const char *text;
		const char *heads[5];
	} cases[] = {
		{ "", { NULL } },        { "a", { "a" } },
		{ "a,b", { "a", "b" } }, { "a,,b", { "a", "", "b" } },
		{ ",a", { "", "a" } },   { "a,", { "a" } }, /* the rest is empty then */
		{ ",", { "" } },         { "a,b,c", { "a", "b", "c" } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span rest = span_of(cases[i].text);
		struct span head;
		size_t count = 0;

		while (span_cut(&rest, ',', &head)) {
			assert_non_null(cases[i].heads[count]);
			assert_true(span_is(head, cases[i].heads[count]));
			count++;
		}
		assert_null(cases[i].heads[count]);
	}
}

static void whole_numbers_refuse_leftovers_and_overflow(void **state)
{
	static const struct {
		const char *text;
		bool is_u64, is_i64;
		uint64_t u64;
		int64_t i64;
	} cases[] = {
		{ "0", true, true, 0, 0 },
		{ "7", true, true, 7, 7 },
		{ "007", true, true, 7, 7 },
		{ "9223372036854775807", true, true, INT64_MAX, INT64_MAX },
		{ "9223372036854775808", true, false, (uint64_t)INT64_MAX + 1, 0 },
		{ "18446744073709551615", true, false, UINT64_MAX, 0 },
		{ "18446744073709551616", false, false, 0, 0 },
		{ "-0", false, true, 0, 0 },
		{ "-1", false, true, 0, -1 },
		{ "-9223372036854775808", false, true, 0, INT64_MIN },
		{ "-9223372036854775809", false, false, 0, 0 },
		{ "", false, false, 0, 0 },
		{ "-", false, false, 0, 0 },
		{ "--1", false, false, 0, 0 },
		{ "+1", false, false, 0, 0 },
		{ " 1", false, false, 0, 0 },
		{ "1 ", false, false, 0, 0 },
		{ "1.0", false, false, 0, 0 },
		{ "0x10", false, false, 0, 0 },
		{ "1e3", false, false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t u64 = 42;
		int64_t i64 = 42;
		struct span text = span_of(cases[i].text);

		assert_int_equal(span_to_u64(text, &u64), cases[i].is_u64);
		assert_int_equal(span_to_i64(text, &i64), cases[i].is_i64);
		assert_int_equal(u64, cases[i].is_u64 ? cases[i].u64 : 42);
		assert_int_equal(i64, cases[i].is_i64 ? cases[i].i64 : 42);
	}
}

/* Bit for bit, with the sign of zero; no == on doubles. */
static void assert_same_double(double a, double b)
{
	assert_memory_equal(&a, &b, sizeof(a));
}

static const struct {
	const char *text;
	double value;
} fractions[] = {
	{ "0", 0 },
	{ "000", 0 },
	{ "0e99999", 0 },
	{ "1", 1 },
	{ "1.5", 1.5 },
	{ "-0.5", -0.5 },
	{ "0.1", 0.1 },
	{ "00012.50", 12.5 },
	{ "10.05", 10.05 },
	{ "1E+3", 1e3 },
	{ "2.5e-15", 2.5e-15 },
	{ "1.23456789012345e-30", 1.23456789012345e-30 },
	{ "100000000000000000000000", 1e23 },
	{ "0.000000000000000000000000000001", 1e-30 },
	{ "0.0000000001e10", 1 },
	{ "1.50000000000000000000000000000000", 1.5 },
	{ "1.7976931348623e308", 1.7976931348623e308 },
	{ "2.2250738585072e-308", 2.2250738585072e-308 },
	{ "5e-324", 5e-324 },
};

static void fractions_are_rounded_correctly(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fractions); i++) {
		double value = 42;

		assert_true(span_to_double(span_of(fractions[i].text), &value));
		assert_same_double(fabs(value), fabs(fractions[i].value));
		assert_true(signbit(value) == signbit(fractions[i].value));
	}
}

static void what_is_not_a_fraction_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"-",
		".",
		"1.",
		".5",
		"-.5",
		"+1",
		"1e",
		"1e+",
		"1e-",
		"1e+-3",
		"1e-+3",
		"e3",
		"1 ",
		" 1",
		"1,5",
		"1.5.2",
		"nan",
		"NaN",
		"inf",
		"-inf",
		"1e5x",
		"0x1p3",
		"0x10",
		"infinity",
		"--1",
		"1e1e1",
		"1e1.5",
		"1e309",
		"1e-324",
		"-1e400",
		"1e999999",
		"1e-999999",
		"1_000",
		"\xd9\xa1",
		"1e99999999999999999999",
		"1234567890123456",
		"0.1234567890123456",
		"1.000000000000001", /* 16 digits, all of which count */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		double value = 42;

		assert_false(span_to_double(span_of(cases[i]), &value));
		assert_same_double(value, 42);
	}
}

/* Every ratio of small numbers, written with up to 15 digits, reads as strtod reads it. */
static void fractions_agree_with_the_c_library(void **state)
{
	(void)state;
	for (int digits = 1; digits <= 15; digits++) {
		for (int i = 1; i < 400; i++) {
			char text[64];
			double value;

			(void)snprintf(text, sizeof(text), "%.*e", digits - 1,
				       pow(i * 0.7310001, i % 41 - 20));
			assert_true(span_to_double(span_of(text), &value));
			assert_same_double(value, strtod(text, NULL));
		}
	}
}

/* Runs in the C locale, and in one with a decimal comma where the system has it. */
static void numbers_ignore_the_locale(void **state)
{
	static const char *const locales[] = { "C", "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE" };

	(void)state;
	for (size_t i = 0; i < COUNT(locales); i++) {
		if (setlocale(LC_ALL, locales[i]))
			fractions_are_rounded_correctly(state);
	}
	(void)setlocale(LC_ALL, "C");
}

static void utf8_is_strict(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		size_t bad_at; /* the length: none */
	} cases[] = {
		{ "", 0, 0 },
		{ "abc\n\x7f", 5, 5 },
		{ "\xc2\x80", 2, 2 },         /* U+0080 */
		{ "\xdf\xbf", 2, 2 },         /* U+07FF */
		{ "\xe0\xa0\x80", 3, 3 },     /* U+0800 */
		{ "\xed\x9f\xbf", 3, 3 },     /* U+D7FF */
		{ "\xee\x80\x80", 3, 3 },     /* U+E000 */
		{ "\xef\xbf\xbf", 3, 3 },     /* U+FFFF */
		{ "\xf0\x90\x80\x80", 4, 4 }, /* U+10000 */
		{ "\xf4\x8f\xbf\xbf", 4, 4 }, /* U+10FFFF */
		{ "a\0b", 3, 1 },             /* NUL */
		{ "\x80", 1, 0 },             /* a trailing byte alone */
		{ "ab\xff", 3, 2 },           /* no lead byte */
		{ "\xc0\xaf", 2, 0 },         /* overlong '/' */
		{ "\xc1\xbf", 2, 0 },         /* overlong */
		{ "\xe0\x9f\xbf", 3, 0 },     /* overlong */
		{ "\xf0\x8f\xbf\xbf", 4, 0 }, /* overlong */
		{ "\xed\xa0\x80", 3, 0 },     /* a surrogate */
		{ "\xf4\x90\x80\x80", 4, 0 }, /* beyond U+10FFFF */
		{ "\xf5\x80\x80\x80", 4, 0 }, /* no lead byte */
		{ "x\xe2\x82", 3, 1 },        /* cut short */
		{ "\xe2\x82x", 3, 0 },        /* a wrong third byte */
		{ "\xf0\x9f\x98\xc0", 4, 0 }, /* a wrong fourth byte */
		{ "\xc3\xa4\xc3", 3, 2 },     /* cut short behind a good one */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span text = { .at = cases[i].text, .length = cases[i].length };
		size_t at = cases[i].length;

		assert_int_equal(span_is_utf8(text, &at), cases[i].bad_at == cases[i].length);
		assert_int_equal(at, cases[i].bad_at);
		assert_int_equal(span_is_utf8(text, NULL), cases[i].bad_at == cases[i].length);
	}
}

static void characters_have_code_points(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		uint32_t code;
	} cases[] = {
		{ "a", 1, 'a' },
		{ "\xc3\xa4", 2, 0xe4 },
		{ "\xe2\x82\xac", 3, 0x20ac },
		{ "\xf0\x9f\x98\x80", 4, 0x1f600 },
		{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
		{ "", 0, 42 },
		{ "\xff", 0, 42 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t code = 42;

		assert_int_equal(span_character(span_of(cases[i].text), &code), cases[i].length);
		assert_int_equal(code, cases[i].code);
	}
}

static void distance_counts_edits(void **state)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} cases[] = {
		{ "", "", 0 },
		{ "", "abc", 3 },
		{ "abc", "abc", 0 },
		{ "abc", "abx", 1 },
		{ "abc", "abcd", 1 },
		{ "weight", "wieght", 1 },
		{ "kitten", "sitting", 3 },
		{ "ab", "ba", 1 },
		{ "ca", "abc", 3 },
		{ "rail", "trails", 2 },
	};
	char long_a[200];
	char long_b[200];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span a = span_of(cases[i].a);
		struct span b = span_of(cases[i].b);

		assert_int_equal(span_distance(a, b), cases[i].distance);
		assert_int_equal(span_distance(b, a), cases[i].distance);
	}

	memset(long_a, 'a', sizeof(long_a));
	memset(long_b, 'b', sizeof(long_b));
	assert_int_equal(span_distance((struct span){ .at = long_a, .length = sizeof(long_a) },
				       (struct span){ .at = long_b, .length = sizeof(long_b) }),
			 SPAN_DISTANCE_MAXIMUM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comparing_follows_bytes_then_length),
		cmocka_unit_test(null_is_the_empty_span),
		cmocka_unit_test(contains_finds_a_text_anywhere),
		cmocka_unit_test(behind_gives_what_follows_the_first_place),
		cmocka_unit_test(starts_compares_whole_prefixes),
		cmocka_unit_test(trim_takes_blanks_and_tabs_only),
		cmocka_unit_test(cut_yields_what_stands_between_separators),
		cmocka_unit_test(whole_numbers_refuse_leftovers_and_overflow),
		cmocka_unit_test(fractions_are_rounded_correctly),
		cmocka_unit_test(what_is_not_a_fraction_is_refused),
		cmocka_unit_test(fractions_agree_with_the_c_library),
		cmocka_unit_test(numbers_ignore_the_locale),
		cmocka_unit_test(utf8_is_strict),
		cmocka_unit_test(characters_have_code_points),
		cmocka_unit_test(distance_counts_edits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
