#include "report/checkup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/outcome.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *write(struct outcome *outcome)
{
	const struct checkup_report report = { .checkup = &outcome->checkup, .time = 1764115200 };
	SCOPED_TEXT(text);

	checkup_write_junit(&report, &text);
	return arena_string(&outcome->arena, text_span(&text));
}

/* What a reader must not take for markup, and what XML 1.0 cannot hold. */
static void texts_stay_texts(void **state)
{
	static const struct {
		const char *given, *expected;
	} cases[] = {
		{ "plain", ">plain\n<" },
		{ "a < b > c & d", ">a &lt; b &gt; c &amp; d\n<" },
		{ "]]>", ">]]&gt;\n<" },
		{ "\"'", ">&quot;'\n<" },
		{ "two\nlines", ">two&#10;lines\n<" },
		{ "bell\x07 escape\x1b[2J", ">bell? escape?[2J\n<" },
		{ "bad \xff utf", ">bad ? utf\n<" },
		{ "\xef\xbf\xbe", ">?\n<" },
		{ "größer 大", ">größer 大\n<" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct said said[] = {
			{ .check = "a-a", .verdict = VERDICT_FAIL, .text = cases[i].given },
			{ .check = NULL },
		};
		SCOPED_OUTCOME(outcome);
		const char *text;

		outcome_make(&outcome, said);
		text = write(&outcome);
		if (!strstr(text, cases[i].expected))
			fail_msg("'%s' is not in\n%s", cases[i].expected, text);
	}
}

static void each_verdict_has_its_element(void **state)
{
	static const struct {
		enum verdict verdict;
		const char *element; /* NULL: an empty test case */
	} cases[] = {
		{ VERDICT_PASS, NULL },      { VERDICT_WARN, "system-out" },
		{ VERDICT_FAIL, "failure" }, { VERDICT_UNKNOWN, "error" },
		{ VERDICT_STALE, "error" },  { VERDICT_NOT_APPLICABLE, "skipped" },
	};
	static const char *const elements[] = { "<failure", "<error", "<skipped", "<system-out" };

	(void)state;
	assert_int_equal(COUNT(cases), VERDICT_COUNT);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct said said[] = {
			{ .check = "a-a", .verdict = cases[i].verdict, .text = "so it is" },
			{ .check = NULL },
		};
		SCOPED_OUTCOME(outcome);
		const char *text;

		outcome_make(&outcome, said);
		text = write(&outcome);
		for (size_t k = 0; k < COUNT(elements); k++)
			assert_int_equal(strstr(text, elements[k]) != NULL,
					 cases[i].element &&
						 strcmp(elements[k] + 1, cases[i].element) == 0);
	}
}

static void counts_are_those_of_the_suites(void **state)
{
	static const struct said said[] = {
		{ .check = "gpu-a", .verdict = VERDICT_FAIL, .text = "f" },
		{ .check = "gpu-b", .verdict = VERDICT_UNKNOWN, .text = "u" },
		{ .check = "pcie-a", .verdict = VERDICT_PASS, .text = "p" },
		{ .check = "gpu-c", .verdict = VERDICT_NOT_APPLICABLE, .text = "n" },
		{ .check = "gpu-d", .verdict = VERDICT_STALE, .text = "s" },
		{ .check = NULL },
	};
	SCOPED_OUTCOME(outcome);
	const char *text;

	(void)state;
	outcome_make(&outcome, said);
	text = write(&outcome);
	assert_non_null(strstr(text, "<testsuites name=\"assay\" tests=\"5\" failures=\"1\" "
				     "errors=\"2\">"));
	assert_non_null(strstr(text, "<testsuite name=\"gpu\" tests=\"4\" failures=\"1\" "
				     "errors=\"2\" skipped=\"1\" hostname=\"node7\" "
				     "timestamp=\"2025-11-26T00:00:00Z\">"));
	assert_non_null(strstr(text, "<testsuite name=\"pcie\" tests=\"1\" failures=\"0\""));
	assert_null(strstr(strstr(text, "<testsuite name=\"gpu\"") + 1, "<testsuite name=\"gpu\""));
}

/* A test case holds what made its verdict, with the device and what to do, and nothing else. */
static void a_case_tells_what_made_it_fail(void **state)
{
	static const struct said said[] = {
		{ .check = "a-a",
		  .verdict = VERDICT_FAIL,
		  .about = "mount:/home",
		  .text = "is full",
		  .action = "make <room>" },
		{ .check = "a-a", .verdict = VERDICT_PASS, .about = "mount:/", .text = "has room" },
		{ .check = NULL },
	};
	SCOPED_OUTCOME(outcome);
	const char *text;

	(void)state;
	outcome_make(&outcome, said);
	text = write(&outcome);
	assert_non_null(strstr(text, "<failure message=\"A title of &lt;checks&gt; &amp; "
				     "&quot;more&quot;\">/home: is full; do: make "
				     "&lt;room&gt;\n</failure>"));
	assert_null(strstr(text, "has room"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_stay_texts),
		cmocka_unit_test(each_verdict_has_its_element),
		cmocka_unit_test(counts_are_those_of_the_suites),
		cmocka_unit_test(a_case_tells_what_made_it_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
