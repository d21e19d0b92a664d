#include "active/object_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void elements_are_read_one_behind_the_other(void **state)
{
	struct span rest = SPAN("<R><Key>a&amp;b</Key><Key></Key><Key>c/d</Key></R>");
	const char *text;

	(void)state;
	SCOPED_ARENA(arena);
	assert_true(answer_next(&rest, "Key", &arena, &text));
	assert_string_equal(text, "a&b");
	assert_true(answer_next(&rest, "Key", &arena, &text));
	assert_string_equal(text, "");
	assert_true(answer_next(&rest, "Key", &arena, &text));
	assert_string_equal(text, "c/d");
	assert_false(answer_next(&rest, "Key", &arena, &text));
}

static void what_is_no_text_is_refused(void **state)
{
	static const char *const bad[] = { "<Key>a", "<Key><b>c</b></Key>", "<Key>&nbsp;</Key>",
					   "Key", "" };

	(void)state;
	SCOPED_ARENA(arena);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(answer_first(span_of(bad[i]), "Key", &arena));
}

static void what_a_url_would_misread_is_quoted(void **state)
{
	(void)state;
	SCOPED_ARENA(arena);
	assert_string_equal(answer_quote("a/b +&=?\n~", &arena), "a%2Fb%20%2B%26%3D%3F%0A~");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_read_one_behind_the_other),
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(what_a_url_would_misread_is_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
