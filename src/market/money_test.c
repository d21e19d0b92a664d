#include "market/money.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int64_t parsed(const char *text)
{
	int64_t nano = INT64_MIN;

	if (!nano_parse(span_of(text), &nano))
		print_message("# not parsed: %s\n", text);
	return nano;
}

static void numbers_are_read_to_the_ninth_digit(void **state)
{
	static const struct {
		const char *text;
		int64_t nano;
	} cases[] = {
		{ "2.99", 2990000000 },
		{ "3", 3000000000 },
		{ "0", 0 },
		{ "-0", 0 },
		{ "-0.5", -500000000 },
		{ "1.537037037", 1537037037 },
		{ "1.4688888888888889", 1468888889 },
		{ "0.000000001", 1 },
		{ "2.7e-05", 27000 },
		{ "2.777777777777778e-05", 27778 },
		{ "1E3", 1000000000000 },
		{ "1e+3", 1000000000000 },
		{ "12345678901234567890e-11", 123456789012345679 },
		{ "9223372036.854775807", INT64_MAX },
		{ "-9223372036.854775807", -INT64_MAX },
		{ "0.00000000000000000000000000000000000001e38", 1000000000 },
		{ "1e-400000000000000000000", 0 },
		{ "0e99999999999", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(parsed(cases[i].text), cases[i].nano);
}

static void a_tie_goes_to_the_even_digit_and_every_digit_counts(void **state)
{
	(void)state;
	assert_int_equal(parsed("0.0000000005"), 0);
	assert_int_equal(parsed("0.0000000015"), 2);
	assert_int_equal(parsed("0.0000000025"), 2);
	assert_int_equal(parsed("0.00000000250000000000000000000000000000000001"), 3);
	assert_int_equal(parsed("-0.0000000035"), -4);
	assert_int_equal(parsed("0.0000000004999999999999999999999999999999999"), 0);
	assert_int_equal(parsed("2.9999999995"), 3000000000);
}

static void what_is_no_plain_number_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		" 1",
		"1 ",
		"1,5",
		"1.5.2",
		"$2",
		"2 USD",
		".5",
		"5.",
		"-",
		"+1",
		"1e",
		"1e+",
		"1e5x",
		"0x10",
		"nan",
		"inf",
		"--1",
		"1-1",
		"1_0",
		"1e1.5",
		"9223372036.854775808",
		"1e10",
		"1e99999999999999",
		"99999999999999999999999999999999",
		"9223372036854775807",
	};
	int64_t nano = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (nano_parse(span_of(bad[i]), &nano))
			print_message("# parsed: %s\n", bad[i]);
		assert_int_equal(nano, 7);
	}
}

static int64_t drawn(uint32_t i)
{
	uint64_t bits = (uint64_t)random_u32(1, i) << 32 | random_u32(2, i);

	/* Of all sizes. */
	return (int64_t)(bits >> (random_u32(3, i) % 64)) * (i % 2 ? 1 : -1);
}

static void what_is_written_reads_back(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		int64_t nano = drawn(i), again = 0;
		char text[MONEY_TEXT_SIZE];

		if (nano == INT64_MIN)
			continue;
		assert_true(nano_parse(span_of(nano_format(nano, text)), &again));
		assert_true(again == nano);
		assert_true(strlen(text) < MONEY_TEXT_SIZE);
		assert_true(!strchr(text, '.') || text[strlen(text) - 1] != '0');
	}
}

static void the_quick_way_and_the_long_way_agree(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		int64_t nano = drawn(i), again = 0;
		char text[MONEY_TEXT_SIZE], long_text[MONEY_TEXT_SIZE + 8];

		if (nano == INT64_MIN)
			continue;
		/* An exponent takes the long way. */
		(void)snprintf(long_text, sizeof(long_text), "%se0", nano_format(nano, text));
		assert_true(nano_parse(span_of(long_text), &again));
		assert_true(again == nano);
	}
}

static void amounts_are_scaled_exactly(void **state)
{
	static const struct {
		int64_t nano, numerator, denominator, expected;
	} cases[] = {
		{ 55040000000, 1, 8, 6880000000 },
		{ 1, 1, 2, 0 },
		{ 3, 1, 2, 2 },
		{ 5, 1, 2, 2 },
		{ -1, 1, 2, 0 },
		{ -3, 1, 2, -2 },
		{ 2, 1, 3, 1 },
		{ INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX },
		{ INT64_MIN, 1, 1, INT64_MIN },
		{ 5605000000000, 1, 730, 7678082192 },
		{ 0, 5, 7, 0 },
	};
	int64_t nano = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(
			nano_scale(cases[i].nano, cases[i].numerator, cases[i].denominator, &nano));
		assert_true(nano == cases[i].expected);
	}
	assert_false(nano_scale(INT64_MAX, 2, 1, &nano));
	assert_false(nano_scale(INT64_MIN, -1, 1, &nano));
	assert_false(nano_scale(1, 1, 0, &nano));
	assert_false(nano_scale(1, 1, -1, &nano));
}

static void doubles_that_do_not_fit_are_refused(void **state)
{
	int64_t nano = 0;

	(void)state;
	assert_true(nano_from_double(2.99, &nano));
	assert_int_equal(nano, 2990000000);
	assert_false(nano_from_double((double)NAN, &nano));
	assert_false(nano_from_double(1e10, &nano));
	assert_false(nano_from_double(-1e10, &nano));
	assert_false(nano_from_double((double)INFINITY, &nano));
	assert_true(fabs(nano_to_double(1500000000) - 1.5) < 1e-12);
}

static void each_currency_is_found_by_its_code(void **state)
{
	currency_t currency = 99;

	(void)state;
	assert_true(currency_find(SPAN("usd"), &currency));
	assert_int_equal(currency, CURRENCY_USD);
	for (unsigned i = 0; currency_code((currency_t)i)[0] != '\0'; i++) {
		assert_true(currency_find(span_of(currency_code((currency_t)i)), &currency));
		assert_int_equal(currency, i);
	}
	assert_true(currency_find(SPAN("eUr"), &currency));
	assert_string_equal(currency_code(currency), "EUR");
	assert_false(currency_find(SPAN("QQQ"), &currency));
	assert_false(currency_find(SPAN("BTC"), &currency));
	assert_false(currency_find(SPAN("US"), &currency));
	assert_false(currency_find(SPAN("USDT"), &currency));
	assert_false(currency_find(SPAN(""), &currency));
	assert_string_equal(currency_code(255), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_read_to_the_ninth_digit),
		cmocka_unit_test(a_tie_goes_to_the_even_digit_and_every_digit_counts),
		cmocka_unit_test(what_is_no_plain_number_is_refused),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(the_quick_way_and_the_long_way_agree),
		cmocka_unit_test(amounts_are_scaled_exactly),
		cmocka_unit_test(doubles_that_do_not_fit_are_refused),
		cmocka_unit_test(each_currency_is_found_by_its_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
