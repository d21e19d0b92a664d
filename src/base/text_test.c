#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void nothing_written_reads_as_empty(void **state)
{
	(void)state;
	SCOPED_TEXT(text);
	assert_string_equal(text_string(&text), "");
	assert_int_equal(text_span(&text).length, 0);
	text_add(&text, NULL);
	text_add(&text, "");
	assert_string_equal(text_string(&text), "");
	text_clear(&text);
	assert_string_equal(text_string(&text), "");
}

static void pieces_follow_each_other(void **state)
{
	(void)state;
	SCOPED_TEXT(text);
	text_add(&text, "a");
	text_add_span(&text, (struct span){ .at = "bcd", .length = 2 });
	text_add_char(&text, '-');
	text_add_repeated(&text, '*', 3);
	text_add_repeated(&text, '!', 0);
	text_format(&text, "%d%s", 12, "x");
	assert_string_equal(text_string(&text), "abc-***12x");
	assert_int_equal(text_span(&text).length, strlen("abc-***12x"));
	assert_false(text.overflowed);
}

static void long_text_grows(void **state)
{
	(void)state;
	SCOPED_TEXT(text);
	for (size_t i = 0; i < 10000; i++)
		text_format(&text, "%09zu ", i);
	assert_int_equal(text.length, 100000);
	assert_memory_equal(text.at + 99990, "000009999 ", 10);
	assert_int_equal(strlen(text_string(&text)), 100000);
}

static void at_the_maximum_what_fits_is_kept(void **state)
{
	static const struct {
		size_t maximum;
		const char *piece;
		const char *kept;
		bool overflowed;
	} cases[] = {
		{ 1, "", "", false },
		{ 1, "a", "a", false },
		{ 1, "ab", "a", true },
		{ 7, "12345", "12345", false },
		{ 7, "1234567", "1234567", false },
		{ 7, "123456789", "1234567", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct text added = { .maximum = cases[i].maximum };
		struct text formatted = { .maximum = cases[i].maximum };

		text_add(&added, cases[i].piece);
		text_format(&formatted, "%s", cases[i].piece);
		assert_string_equal(text_string(&added), cases[i].kept);
		assert_string_equal(text_string(&formatted), cases[i].kept);
		assert_int_equal(added.overflowed, cases[i].overflowed);
		assert_int_equal(formatted.overflowed, cases[i].overflowed);
		text_release(&added);
		text_release(&formatted);
	}
}

static void a_full_text_takes_nothing_more(void **state)
{
	struct text text = { .maximum = 100 };

	(void)state;
	for (size_t i = 0; i < 30; i++)
		text_add(&text, "1234567");
	text_add_char(&text, 'x');
	text_add_repeated(&text, 'x', 5);
	text_format(&text, "%d", 5);
	assert_int_equal(text.length, 100);
	assert_true(text.room <= 101);
	assert_true(text.overflowed);
	assert_int_equal(strlen(text_string(&text)), 100);
	text_release(&text);
}

static void numbers_are_written_as_a_format_would(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	text_add_number(&text, 0);
	text_add_char(&text, ' ');
	text_add_number(&text, UINT64_MAX);
	text_add_char(&text, ' ');
	text_add_hex(&text, 0, 0);
	text_add_char(&text, ' ');
	text_add_hex(&text, 0xb1, 16);
	text_add_char(&text, ' ');
	text_add_hex(&text, UINT64_MAX, 2);
	assert_string_equal(text_string(&text),
			    "0 18446744073709551615 0 00000000000000b1 ffffffffffffffff");
}

static void a_cleared_text_keeps_its_room(void **state)
{
	struct text text = { .maximum = 10 };

	(void)state;
	text_add(&text, "too long for it");
	size_t room = text.room;
	text_clear(&text);
	assert_int_equal(text.room, room);
	assert_false(text.overflowed);
	assert_string_equal(text_string(&text), "");
	text_add(&text, "fits");
	assert_string_equal(text_string(&text), "fits");
	text_release(&text);
	assert_int_equal(text.maximum, 10);
	assert_null(text.at);
}

static void a_character_takes_the_columns_of_a_terminal(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
	} cases[] = {
		{ "", 0 },
		{ "assay", 5 },
		{ "Gr\xc3\xb6\xc3\x9f"
		  "e",
		  5 },
		{ "\xe2\x82\xac 3.50", 6 },        /* euro sign */
		{ "e\xcc\x81", 1 },                /* combining acute */
		{ "\xe4\xb8\xad\xe6\x96\x87", 4 }, /* two ideographs */
		{ "\xed\x95\x9c", 2 },             /* Hangul */
		{ "\xef\xbc\xa1", 2 },             /* fullwidth A */
		{ "\xf0\x9f\x98\x80", 2 },         /* emoji */
		{ "\xe2\x9c\x85", 2 },             /* white heavy check mark */
		{ "\xe2\x9c\x93", 1 },             /* check mark */
		{ "\xe2\x94\x80\xe2\x94\x82", 2 }, /* box drawing */
		{ "a\xe2\x80\x8b"
		  "b",
		  2 },                     /* zero-width space */
		{ "\xff\xfe", 2 },         /* bad bytes: one each */
		{ "\xf0\xa0\x80\x80", 2 }, /* ideograph of plane 2 */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(span_columns(span_of(cases[i].text)), cases[i].columns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_written_reads_as_empty),
		cmocka_unit_test(pieces_follow_each_other),
		cmocka_unit_test(long_text_grows),
		cmocka_unit_test(at_the_maximum_what_fits_is_kept),
		cmocka_unit_test(a_full_text_takes_nothing_more),
		cmocka_unit_test(numbers_are_written_as_a_format_would),
		cmocka_unit_test(a_cleared_text_keeps_its_room),
		cmocka_unit_test(a_character_takes_the_columns_of_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
