#include "report/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct report_style plain = { .columns = 60 };
static const struct report_style colored = { .color = true, .columns = 60 };

static void lines_are_cut_at_blanks_and_newlines(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *lines[4];
	} cases[] = {
		{ "one two three", 80, { "one two three" } },
		{ "one two three", 13, { "one two three" } },
		{ "one two three", 12, { "one two", "three" } },
		{ "one two three", 7, { "one two", "three" } },
		{ "one two three", 5, { "one", "two", "three" } },
		{ "onetwothree", 4, { "onet", "woth", "ree" } },
		{ "a bcdefgh", 4, { "a", "bcde", "fgh" } },
		{ "one\ntwo", 80, { "one", "two" } },
		{ "one   two", 4, { "one", "two" } },
		{ "one two ", 7, { "one two" } },
		{ "äöü äöü", 3, { "äöü", "äöü" } },
		{ "界界 界", 4, { "界界", "界" } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span rest = span_of(cases[i].text);
		SCOPED_ARENA(arena);

		for (size_t line = 0; line < 4 && cases[i].lines[line]; line++) {
			struct span cut = wrap_next(&rest, cases[i].columns);

			assert_string_equal(arena_string(&arena, cut), cases[i].lines[line]);
		}
		assert_int_equal(rest.length, 0);
	}
}

static void a_blank_line_stays(void **state)
{
	struct span rest = SPAN("one\n\ntwo");

	(void)state;
	assert_int_equal(wrap_next(&rest, 10).length, 3);
	assert_int_equal(wrap_next(&rest, 10).length, 0);
	assert_int_equal(wrap_next(&rest, 10).length, 3);
	assert_int_equal(rest.length, 0);
}

static void wrapping_ends_whatever_the_bytes(void **state)
{
	struct span rest = SPAN("\xff\xfe \x80\x80 abc\xc3");
	unsigned lines = 0;

	(void)state;
	while (rest.length > 0 && lines < 100) {
		(void)wrap_next(&rest, 1);
		lines++;
	}
	assert_true(lines < 20);
}

static void what_could_move_a_cursor_is_shown_as_a_question_mark(void **state)
{
	(void)state;
	SCOPED_TEXT(text);
	tinted_add(&text, &plain, TINT_BAD, SPAN("a\x1b[2Jb\rc\x7f\xc2\x9b\xff"));
	assert_string_equal(text_string(&text), "a?[2Jb?c???");
}

static void colors_are_added_only_where_wanted(void **state)
{
	(void)state;
	SCOPED_TEXT(text);
	tinted_add(&text, &plain, TINT_BAD, SPAN("x"));
	tinted_add(&text, &colored, TINT_NONE, SPAN("y"));
	tinted_add(&text, &colored, TINT_BAD, SPAN(""));
	assert_string_equal(text_string(&text), "xy");
	tinted_add(&text, &colored, TINT_BAD, SPAN("z"));
	assert_string_equal(text_string(&text), "xy\x1b[31mz\x1b[0m");
}

static void grades_have_chips(void **state)
{
	(void)state;
	assert_int_equal(grade_tint(GRADE_UNDERPERFORM), TINT_UNDERPERFORM);
	assert_int_equal(grade_tint(GRADE_PLATINUM), TINT_PLATINUM);
	assert_true(tint_is_chip(grade_tint(GRADE_UNDERPERFORM)));
	assert_false(tint_is_chip(TINT_BAD));
}

static void wrapped_lines_are_indented(void **state)
{
	const struct report_style narrow = { .columns = 24 };

	(void)state;
	SCOPED_TEXT(text);
	wrapped_add(&text, &narrow, TINT_NONE, 2, 4, SPAN("aaaa bbbb cccc dddd eeee ffff gggg"));
	assert_string_equal(text_string(&text), "  aaaa bbbb cccc dddd\n    eeee ffff gggg\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_cut_at_blanks_and_newlines),
		cmocka_unit_test(a_blank_line_stays),
		cmocka_unit_test(wrapping_ends_whatever_the_bytes),
		cmocka_unit_test(what_could_move_a_cursor_is_shown_as_a_question_mark),
		cmocka_unit_test(colors_are_added_only_where_wanted),
		cmocka_unit_test(grades_have_chips),
		cmocka_unit_test(wrapped_lines_are_indented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
