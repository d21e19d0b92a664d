#include "base/json.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void write_sample(struct json_writer *writer)
{
	json_open_object(writer);
	json_pair_string(writer, "name", "Acme");
	json_pair_string(writer, "note", NULL);
	json_pair_integer(writer, "rank", -3);
	json_pair_decimal(writer, "price", 2.5, 2);
	json_pair_bool(writer, "rated", true);
	json_key(writer, "list");
	json_open_array(writer);
	json_put_number(writer, 1.5);
	json_put_bool(writer, false);
	json_put_null(writer);
	json_open_array(writer);
	json_close_array(writer);
	json_open_object(writer);
	json_close_object(writer);
	json_open_object(writer);
	json_pair_integer(writer, "deep", 1);
	json_close_object(writer);
	json_put_string(writer, "end");
	json_close_array(writer);
	json_close_object(writer);
}

static void compact_form_has_no_blanks(void **state)
{
	(void)state;
	SCOPED_TEXT(text);
	struct json_writer writer = { .into = &text };

	write_sample(&writer);
	assert_string_equal(text_string(&text),
			    "{\"name\":\"Acme\",\"note\":null,\"rank\":-3,\"price\":2.50,"
			    "\"rated\":true,\"list\":[1.5,false,null,[],{},{\"deep\":1},\"end\"]}");
}

static void indented_form_has_a_line_for_each_value(void **state)
{
	(void)state;
	SCOPED_TEXT(text);
	struct json_writer writer = { .into = &text, .indent = 2 };

	write_sample(&writer);
	assert_string_equal(text_string(&text), "{\n"
						"  \"name\": \"Acme\",\n"
						"  \"note\": null,\n"
						"  \"rank\": -3,\n"
						"  \"price\": 2.50,\n"
						"  \"rated\": true,\n"
						"  \"list\": [\n"
						"    1.5,\n"
						"    false,\n"
						"    null,\n"
						"    [],\n"
						"    {},\n"
						"    {\n"
						"      \"deep\": 1\n"
						"    },\n"
						"    \"end\"\n"
						"  ]\n"
						"}");
}

static void a_root_may_be_any_value_and_another_may_follow(void **state)
{
	(void)state;
	SCOPED_TEXT(text);
	struct json_writer writer = { .into = &text };

	json_put_integer(&writer, INT64_MIN);
	text_add_char(&text, '\n');
	json_open_array(&writer);
	json_close_array(&writer);
	text_add_char(&text, '\n');
	json_put_span(&writer, (struct span){ .at = "abc", .length = 2 });
	assert_string_equal(text_string(&text), "-9223372036854775808\n[]\n\"ab\"");
}

static void levels_may_be_64_deep(void **state)
{
	(void)state;
	SCOPED_TEXT(text);
	struct json_writer writer = { .into = &text };

	for (int i = 0; i < 32; i++) {
		json_open_array(&writer);
		json_open_object(&writer);
		json_key(&writer, "k");
	}
	json_put_null(&writer);
	for (int i = 0; i < 32; i++) {
		json_close_object(&writer);
		json_close_array(&writer);
	}
	assert_int_equal(writer.depth, 0);
	assert_int_equal(text.length, 32 * strlen("[{\"k\":}]") + strlen("null"));
}

static void strings_are_escaped(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		const char *json;
	} cases[] = {
		{ "", 0, "\"\"" },
		{ "plain text", 10, "\"plain text\"" },
		{ "\"\\/", 3, "\"\\\"\\\\/\"" },
		{ "\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"" },
		{ "\x01\x1f\x7f", 3, "\"\\u0001\\u001f\x7f\"" },
		{ "a\0b", 3, "\"a\\u0000b\"" },
		{ "\xc3\xb6\xe2\x82\xac\xf0\x9f\x98\x80", 9,
		  "\"\xc3\xb6\xe2\x82\xac\xf0\x9f\x98\x80\"" },
		{ "\xff", 1, "\"\xef\xbf\xbd\"" },
		{ "a\xe2\x82", 3, "\"a\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "</script>", 9, "\"</script>\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_TEXT(text);
		struct json_writer writer = { .into = &text };

		json_put_span(&writer,
			      (struct span){ .at = cases[i].text, .length = cases[i].length });
		assert_string_equal(text_string(&text), cases[i].json);
	}
}

static void decimals_have_as_many_digits_as_asked_for(void **state)
{
	static const struct {
		double value;
		unsigned decimals;
		const char *json;
	} cases[] = {
		{ 0, 0, "0" },
		{ 0, 2, "0.00" },
		{ -0.0, 2, "0.00" },
		{ -0.001, 2, "0.00" },
		{ -0.006, 2, "-0.01" },
		{ 12.3, 2, "12.30" },
		{ 2.5, 0, "2" }, /* to even */
		{ 3.5, 0, "4" },
		{ 0.125, 2, "0.12" },
		{ 1234567.891, 1, "1234567.9" },
		{ 1e22, 1, "10000000000000000000000.0" },
		{ 0.1, 20, "0.10000000000000000555" },
		{ (double)NAN, 2, "null" },
		{ HUGE_VAL, 2, "null" },
		{ -HUGE_VAL, 2, "null" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_TEXT(text);
		struct json_writer writer = { .into = &text };

		json_put_decimal(&writer, cases[i].value, cases[i].decimals);
		assert_string_equal(text_string(&text), cases[i].json);
	}
}

static void the_largest_decimal_fits(void **state)
{
	(void)state;
	SCOPED_TEXT(text);
	struct json_writer writer = { .into = &text };

	json_put_decimal(&writer, -1.7976931348623157e308, 20);
	assert_int_equal(text.length, 1 + 309 + 1 + 20);
	assert_memory_equal(text.at, "-17976931348623157", 18);
}

static void numbers_take_their_shortest_form(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ -0.0, "0" },
		{ 1, "1" },
		{ -1, "-1" },
		{ 3200, "3200" },
		{ 3.5, "3.5" },
		{ 0.1, "0.1" },
		{ 0.1 + 0.2, "0.3" },
		{ 1.0 / 3, "0.333333333333333" },
		{ -2.0 / 3, "-0.666666666666667" },
		{ 100, "100" },
		{ 123456.789, "123456.789" },
		{ 0.0001, "0.0001" },
		{ 0.00012345, "0.00012345" },
		{ 0.00001, "1e-05" },
		{ 1.5e-15, "1.5e-15" },
		{ 123456789012345, "123456789012345" },
		{ 100000000000000, "100000000000000" },
		{ 1e15, "1e+15" },
		{ 1.25e21, "1.25e+21" },
		{ 9.99999999999999e22, "9.99999999999999e+22" },
		{ 1e23, "1e+23" },
		{ 1e300, "1e+300" },
		{ DBL_MAX, "1.79769313486231e+308" },
		{ -DBL_MAX, "-1.79769313486231e+308" },
		{ -1.23456789012345e-300, "-1.23456789012345e-300" },
		{ (double)NAN, "nan" },
		{ HUGE_VAL, "inf" },
		{ -HUGE_VAL, "-inf" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_TEXT(text);
		struct json_writer writer = { .into = &text };
		char number[32];

		assert_string_equal(number_format(cases[i].value, number), cases[i].text);
		json_put_number(&writer, cases[i].value);
		assert_string_equal(text_string(&text),
				    isfinite(cases[i].value) ? cases[i].text : "null");
	}
}

/* Around powers of ten and between: every digit, and no exponent below 10^15. */
static void whole_numbers_are_written_in_full(void **state)
{
	(void)state;
	for (int exponent = 0; exponent < 15; exponent++) {
		for (int i = -30; i <= 30; i++) {
			const double power = pow(10, exponent);
			const double value = floor(power * (i < 0 ? 0.7310001 : 1)) + i;
			char number[32], wanted[32];

			if (fabs(value) >= 1e15)
				continue;
			(void)snprintf(wanted, sizeof(wanted), "%.0f", value);
			assert_string_equal(number_format(value, number),
					    strcmp(wanted, "-0") == 0 ? "0" : wanted);
		}
	}
}

/* What is written reads back as the same bits when 15 digits name it. */
static void numbers_of_15_digits_survive_a_round_trip(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		double mantissa = (double)(i * 7919 % 100003) * 1e9 + i;
		double value = mantissa * pow(10, i % 50 - 30);
		char first[32];
		char second[32];
		double back = 0;

		assert_true(span_to_double(span_of(number_format(value, first)), &back));
		assert_string_equal(number_format(back, second), first);
		assert_true(fabs(back - value) <= fabs(value) * 1e-14);

		/* `back` is named by 15 digits. */
		double again = 0;
		assert_true(span_to_double(span_of(second), &again));
		assert_memory_equal(&again, &back, sizeof(back));
	}
}

/* Runs in the C locale, and in one with a decimal comma where the system has it. */
static void writing_ignores_the_locale(void **state)
{
	static const char *const locales[] = { "C", "de_DE.UTF-8", "fr_FR.UTF-8", "ps_AF" };

	for (size_t i = 0; i < COUNT(locales); i++) {
		if (!setlocale(LC_ALL, locales[i]))
			continue;
		decimals_have_as_many_digits_as_asked_for(state);
		numbers_take_their_shortest_form(state);
		the_largest_decimal_fits(state);
	}
	(void)setlocale(LC_ALL, "C");
}

static void what_is_written_reads_back(void **state)
{
	const struct node *root = NULL;
	struct error err = { .text = "" };

	(void)state;
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	struct json_writer writer = { .into = &text, .indent = 3 };

	write_sample(&writer);
	(void)json_read(text_span(&text), "sample", 1, &arena, &root, &err);
	assert_string_equal(err.text, "");
	assert_true(span_is(node_find(root, "price")->text, "2.5"));
	assert_int_equal(node_find(root, "list")->count, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compact_form_has_no_blanks),
		cmocka_unit_test(indented_form_has_a_line_for_each_value),
		cmocka_unit_test(a_root_may_be_any_value_and_another_may_follow),
		cmocka_unit_test(levels_may_be_64_deep),
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(decimals_have_as_many_digits_as_asked_for),
		cmocka_unit_test(the_largest_decimal_fits),
		cmocka_unit_test(numbers_take_their_shortest_form),
		cmocka_unit_test(whole_numbers_are_written_in_full),
		cmocka_unit_test(numbers_of_15_digits_survive_a_round_trip),
		cmocka_unit_test(writing_ignores_the_locale),
		cmocka_unit_test(what_is_written_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
