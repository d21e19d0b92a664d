#include "base/error.h"
#include "base/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* cmocka has a macro of this name. */
#undef fail

static void a_failure_is_false_and_keeps_code_and_text(void **state)
{
	struct error err = { .code = ERROR_NONE };

	(void)state;
	assert_false(fail(&err, ERROR_MISSING, "no '%s' in %d places", "x", 3));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_string_equal(err.text, "no 'x' in 3 places");
}

static void a_caller_who_does_not_care_passes_null(void **state)
{
	(void)state;
	assert_false(fail(NULL, ERROR_IO, "lost"));
	assert_false(fail_while(NULL, "trying"));
}

static void context_reads_from_the_outside_in(void **state)
{
	struct error err;

	(void)state;
	(void)fail(&err, ERROR_PARSE, "bad number");
	assert_false(fail_while(&err, "reading '%s'", "a.yaml"));
	assert_false(fail_while(&err, "rating"));
	assert_int_equal(err.code, ERROR_PARSE);
	assert_string_equal(err.text, "rating: reading 'a.yaml': bad number");
}

static void text_is_one_line_of_clean_utf8(void **state)
{
	static const struct {
		const char *said;
		const char *shown;
	} cases[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "zwei\nZeilen\r\n", "zwei?Zeilen??" },
		{ "\x1b[2Jgone", "?[2Jgone" },
		{ "tab\there\x7f", "tab?here?" },
		{ "\xc2\x9b"
		  "31m",
		  "??31m" },
		{ "Gr\xc3\xb6\xc3\x9f"
		  "e",
		  "Gr\xc3\xb6\xc3\x9f"
		  "e" },
		{ "bad \xff\xc3 bytes", "bad ?? bytes" },
		{ "cut \xe2\x82", "cut ??" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err;

		(void)fail(&err, ERROR_INVALID, "%s", cases[i].said);
		assert_string_equal(err.text, cases[i].shown);
	}
}

/* Whatever stands at the cut, the text ends between two characters. */
static void long_text_is_cut_between_characters(void **state)
{
	static const char *const characters[] = { "x", "\xc3\xb6", "\xe2\x82\xac",
						  "\xf0\x9f\x98\x80" };
	char said[2048];

	(void)state;
	for (size_t i = 0; i < 4 * 4; i++) {
		const char *character = characters[i / 4];
		size_t length = i % 4;
		struct error err;

		memset(said, 'a', length);
		while (length + 5 < sizeof(said)) {
			memcpy(said + length, character, strlen(character));
			length += strlen(character);
		}
		said[length] = '\0';
		(void)fail(&err, ERROR_INVALID, "%s", said);

		size_t kept = strlen(err.text);
		assert_in_range(kept, sizeof(err.text) - strlen(character), sizeof(err.text) - 1);
		assert_memory_equal(err.text, said, kept);
		assert_true(span_is_utf8(span_of(err.text), NULL));
	}
}

static void long_context_is_cut_between_characters(void **state)
{
	struct error err;
	char said[1024] = "";

	(void)state;
	(void)fail(&err, ERROR_INVALID, "inner");
	for (size_t i = 0; i + 2 < sizeof(said); i += 2)
		memcpy(said + i, "\xc3\xb6", 2);
	(void)fail_while(&err, "%s", said);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 2);
	assert_true(span_is_utf8(span_of(err.text), NULL));

	(void)fail(&err, ERROR_INVALID, "%s", said);
	(void)fail_while(&err, "outer");
	assert_memory_equal(err.text, "outer: \xc3\xb6", strlen("outer: \xc3\xb6"));
	assert_true(span_is_utf8(span_of(err.text), NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_is_false_and_keeps_code_and_text),
		cmocka_unit_test(a_caller_who_does_not_care_passes_null),
		cmocka_unit_test(context_reads_from_the_outside_in),
		cmocka_unit_test(text_is_one_line_of_clean_utf8),
		cmocka_unit_test(long_text_is_cut_between_characters),
		cmocka_unit_test(long_context_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
