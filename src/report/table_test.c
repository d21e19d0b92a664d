#include "report/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct column columns[] = {
	{ .title = "name" },
	{ .title = "n", .right = true },
	{ .title = "text" },
};

static void expect_table(const struct table *table, enum report_format format,
			 const struct report_style *style, const char *expected)
{
	SCOPED_TEXT(text);

	table_write(table, format, style, &text);
	assert_string_equal(text_string(&text), expected);
}

static void columns_stand_under_each_other(void **state)
{
	const struct report_style style = { .columns = 80 };
	SCOPED_ARENA(arena);
	TABLE(table, columns, &arena);

	(void)state;
	table_cell(&table, "crusoe");
	table_format(&table, "%d", 7);
	table_cell(&table, "first");
	table_cell(&table, "äö");
	table_format(&table, "%d", 123);
	table_cell(&table, NULL);
	expect_table(&table, FORMAT_TABLE, &style,
		     "name      n  text\n"
		     "crusoe    7  first\n"
		     "äö      123\n");
	table.bare = true;
	table.indent = 2;
	expect_table(&table, FORMAT_TABLE, &style,
		     "  crusoe    7  first\n"
		     "  äö      123\n");
}

static void the_last_column_is_wrapped_beside_the_others(void **state)
{
	const struct report_style style = { .columns = 50 };
	SCOPED_ARENA(arena);
	TABLE(table, columns, &arena);

	(void)state;
	table_cell(&table, "a");
	table_cell(&table, "1");
	table_cell(&table, "one two three four five six seven eight nine\nten");
	expect_table(&table, FORMAT_TABLE, &style,
		     "name  n  text\n"
		     "a     1  one two three four five six seven eight\n"
		     "         nine\n"
		     "         ten\n");
}

static void on_a_narrow_terminal_it_goes_below(void **state)
{
	static const struct column wide[] = {
		{ .title = "a name that takes most of the line" },
		{ .title = "text" },
	};
	const struct report_style style = { .columns = 60 };
	SCOPED_ARENA(arena);
	TABLE(table, wide, &arena);

	(void)state;
	table_cell(&table, "a");
	table_cell(&table, "one two three four five six seven eight nine ten eleven twelve");
	expect_table(&table, FORMAT_TABLE, &style,
		     "a name that takes most of the line\n"
		     "      text\n"
		     "a\n"
		     "      one two three four five six seven eight nine ten\n"
		     "      eleven twelve\n");
}

static void a_chip_fills_its_column(void **state)
{
	const struct report_style style = { .color = true, .columns = 80 };
	SCOPED_ARENA(arena);
	TABLE(table, columns, &arena);

	(void)state;
	table.bare = true;
	table_tinted(&table, TINT_GOLD, "Gold");
	table_cell(&table, "1");
	table_cell(&table, "x");
	table_tinted(&table, TINT_GOOD, "Platinum");
	table_cell(&table, "2");
	table_cell(&table, "y");
	expect_table(&table, FORMAT_TABLE, &style,
		     "\x1b[30;48;5;220mGold    \x1b[0m  1  x\n"
		     "\x1b[32mPlatinum\x1b[0m  2  y\n");
}

static void csv_quotes_what_needs_it(void **state)
{
	const struct report_style style = { .columns = 80 };
	SCOPED_ARENA(arena);
	TABLE(table, columns, &arena);

	(void)state;
	table_cell(&table, "plain");
	table_cell(&table, "");
	table_cell(&table, "a, \"b\"\nc");
	expect_table(&table, FORMAT_CSV, &style, "name,n,text\nplain,,\"a, \"\"b\"\"\nc\"\n");
}

static void markdown_shows_text_as_it_is(void **state)
{
	const struct report_style style = { .columns = 80 };
	SCOPED_ARENA(arena);
	TABLE(table, columns, &arena);

	(void)state;
	table_cell(&table, "<b> & *c*");
	table_cell(&table, "1");
	table_cell(&table, "a|b\nc\td");
	expect_table(&table, FORMAT_MARKDOWN, &style,
		     "| name | n | text |\n"
		     "| --- | ---: | --- |\n"
		     "| &lt;b> &amp; \\*c\\* | 1 | a\\|b<br>c d |\n");
}

static void html_shows_text_as_it_is(void **state)
{
	const struct report_style style = { .columns = 80 };
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	TABLE(table, columns, &arena);

	(void)state;
	table_cell(&table, "<b> & \"c\"");
	table_cell(&table, "1");
	table_cell(&table, "x");
	table_write(&table, FORMAT_HTML, &style, &text);
	assert_non_null(strstr(text_string(&text), "<tr><td>&lt;b&gt; &amp; &quot;c&quot;</td>"
						   "<td class=\"number\">1</td><td>x</td></tr>\n"));
}

static void a_table_grows(void **state)
{
	const struct report_style style = { .columns = 80 };
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	TABLE(table, columns, &arena);
	size_t lines = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		table_format(&table, "row %d", i);
		table_cell(&table, "1");
		table_cell(&table, "x");
	}
	table_write(&table, FORMAT_TABLE, &style, &text);
	for (const char *at = text_string(&text); (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, 1001);
	assert_non_null(strstr(text_string(&text), "\nrow 999  1  x\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_stand_under_each_other),
		cmocka_unit_test(the_last_column_is_wrapped_beside_the_others),
		cmocka_unit_test(on_a_narrow_terminal_it_goes_below),
		cmocka_unit_test(a_chip_fills_its_column),
		cmocka_unit_test(csv_quotes_what_needs_it),
		cmocka_unit_test(markdown_shows_text_as_it_is),
		cmocka_unit_test(html_shows_text_as_it_is),
		cmocka_unit_test(a_table_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
