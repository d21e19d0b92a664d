#include "report/html.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void what_would_be_markup_becomes_text(void **state)
{
	static const struct {
		const char *given, *expected;
	} cases[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "a < b & c > d", "a &lt; b &amp; c &gt; d" },
		{ "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
		{ "\" onload=\"x", "&quot; onload=&quot;x" },
		{ "' onload='x", "&#39; onload=&#39;x" },
		{ "&lt;", "&amp;lt;" },
		{ "]]><!--", "]]&gt;&lt;!--" },
		{ "tab\tnewline\n", "tab\tnewline\n" },
		{ "größer – 大", "größer – 大" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_TEXT(text);

		html_text(&text, span_of(cases[i].given));
		assert_string_equal(text_string(&text), cases[i].expected);
	}
}

static void characters_that_deceive_are_replaced(void **state)
{
	static const char *const given[] = {
		"\x01",         /* a control character */
		"\x1b",         /* what starts a terminal's sequence */
		"\r",           /* HTML would make a newline of it */
		"\x7f",         /* delete */
		"\xc2\x85",     /* a control character of the second set */
		"\xe2\x80\xae", /* U+202E: right to left from here on */
		"\xe2\x81\xa6", /* U+2066: an isolate */
		"\xe2\x80\x8f", /* U+200F: a mark of direction */
		"\xef\xbf\xbe", /* U+FFFE, a noncharacter */
		"\xff",         /* not UTF-8 */
		"\xc0",         /* the start of an overlong form */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(given); i++) {
		SCOPED_TEXT(text);

		html_text(&text, span_of(given[i]));
		assert_string_equal(text_string(&text), "\xef\xbf\xbd");
	}
}

static void a_nul_does_not_end_the_text(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	html_text(&text, SPAN("a\0<b"));
	assert_string_equal(text_string(&text), "a\xef\xbf\xbd&lt;b");
}

static void values_are_escaped_and_markup_is_not(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	html_add(&text, "<a title=\"%s\" rel='%s'>%s</a>", "\"><b>", "'x", "<i>");
	assert_string_equal(text_string(&text), "<a title=\"&quot;&gt;&lt;b&gt;\" rel='&#39;x'>"
						"&lt;i&gt;</a>");
}

static void values_of_all_kinds_are_written(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	html_add(&text, "%d %u %zu %.0f %.1f %.3f %s %%", -3, 4u, (size_t)5, 6.5001, 7.25, 0.0004,
		 "%s");
	assert_string_equal(text_string(&text), "-3 4 5 7 7.2 0.000 %s %");
}

static void what_rounds_to_zero_has_no_sign(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	html_add(&text, "%.1f %.0f %.1f", -0.04, -0.4, -0.06);
	assert_string_equal(text_string(&text), "0.0 0 -0.1");
}

static void a_locale_does_not_change_the_point(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	/* Not every machine has it; then the test shows less, but nothing wrong. */
	(void)setlocale(LC_ALL, "de_DE.UTF-8");
	html_add(&text, "%.2f", 1234.5);
	(void)setlocale(LC_ALL, "C");
	assert_string_equal(text_string(&text), "1234.50");
}

static void only_web_addresses_become_links(void **state)
{
	static const struct {
		const char *url;
		bool expected;
	} cases[] = {
		{ "https://example.org/a?b=c#d", true },
		{ "http://example.org", true },
		{ NULL, false },
		{ "", false },
		{ "javascript:alert(1)", false },
		{ "JavaScript:alert(1)", false },
		{ " https://example.org", false },
		{ "https://example.org/a b", false },
		{ "https://example.org/\n", false },
		{ "https://ex\xc3\xa4mple.org", false },
		{ "data:text/html,x", false },
		{ "//example.org", false },
		{ "ftp://example.org", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(html_is_web_address(cases[i].url), cases[i].expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_would_be_markup_becomes_text),
		cmocka_unit_test(characters_that_deceive_are_replaced),
		cmocka_unit_test(a_nul_does_not_end_the_text),
		cmocka_unit_test(values_are_escaped_and_markup_is_not),
		cmocka_unit_test(values_of_all_kinds_are_written),
		cmocka_unit_test(what_rounds_to_zero_has_no_sign),
		cmocka_unit_test(a_locale_does_not_change_the_point),
		cmocka_unit_test(only_web_addresses_become_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
