#include "report/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void add_all(const struct page *page)
{
	static const struct column columns[] = { { .title = "a" }, { .title = "b" } };
	TABLE(table, columns, page->arena);

	page_title(page, "A %s", "title");
	page_paragraph(page, "%s", "Words *and* more.");
	page_heading(page, "Heading %d", 1);
	page_item(page, "one");
	page_item(page, "two");
	page_end_list(page);
	table_cell(&table, "1");
	table_cell(&table, "2");
	page_table(page, &table);
}

static void expect_page(enum report_format format, const char *expected)
{
	const struct report_style style = { .columns = 80 };
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	const struct page page = {
		.format = format, .style = &style, .arena = &arena, .into = &text
	};

	add_all(&page);
	assert_string_equal(text_string(&text), expected);
}

static void a_terminal_gets_plain_text(void **state)
{
	(void)state;
	expect_page(FORMAT_TABLE, "A title\n"
				  "Words *and* more.\n"
				  "\n"
				  "Heading 1\n"
				  "  one\n"
				  "  two\n"
				  "\n"
				  "a  b\n"
				  "1  2\n"
				  "\n");
}

static void markdown_gets_its_marks(void **state)
{
	(void)state;
	expect_page(FORMAT_MARKDOWN, "# A title\n"
				     "\n"
				     "Words \\*and\\* more.\n"
				     "\n"
				     "## Heading 1\n"
				     "\n"
				     "- one\n"
				     "- two\n"
				     "\n"
				     "| a | b |\n"
				     "| --- | --- |\n"
				     "| 1 | 2 |\n"
				     "\n");
}

static void html_gets_its_elements(void **state)
{
	(void)state;
	expect_page(
		FORMAT_HTML,
		"<h2>A title</h2>\n"
		"<p>Words *and* more.</p>\n"
		"<h3>Heading 1</h3>\n"
		"<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
		"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"a, b\"><table>\n"
		"<thead><tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr></thead>\n"
		"<tbody>\n<tr><td>1</td><td>2</td></tr>\n</tbody></table></div>\n\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_terminal_gets_plain_text),
		cmocka_unit_test(markdown_gets_its_marks),
		cmocka_unit_test(html_gets_its_elements),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
