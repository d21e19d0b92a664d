#include "report/quantity.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_range_is_shown_only_where_it_is_seen(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(quantity_text(quantity_of(1.4249), 2, &arena), "1.42");
	assert_string_equal(quantity_text((struct quantity){ 1.42, 1.31, 1.56 }, 2, &arena),
			    "1.42 [1.31-1.56]");
	assert_string_equal(quantity_text((struct quantity){ 1.42, 1.419, 1.421 }, 2, &arena),
			    "1.42");
	assert_string_equal(quantity_percent_text((struct quantity){ 0.85, 0.8, 0.9 }, &arena),
			    "85% [80-90]");
	assert_string_equal(quantity_percent_text(quantity_of(1), &arena), "100%");
	arena_release(&arena);
}

static void whole_numbers_are_grouped(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ -0.4, "0" },
		{ 999.4, "999" },
		{ 999.5, "1,000" },
		{ 251618208.2, "251,618,208" },
		{ -1234.6, "-1,235" },
		{ (double)NAN, "-" },
		{ (double)INFINITY, "-" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(whole_text(cases[i].value, &arena), cases[i].text);
	arena_release(&arena);
}

static void what_is_not_a_number_is_an_empty_cell(void **state)
{
	const struct report_style style = { .columns = 100 };
	struct arena arena = { 0 };
	SCOPED_TEXT(text);
	TABLE(table, figure_columns, &arena);

	(void)state;
	figure_add(&table, (struct figure){ "a", "b", "USD", quantity_of((double)NAN) });
	figure_add(&table, (struct figure){ "a", "c", "USD", { 1.5, 1, 2 } });
	figure_add(&table, (struct figure){ "a", "d", "USD", quantity_of(0.25) });
	table_write(&table, FORMAT_CSV, &style, &text);
	assert_string_equal(text_string(&text), "part,name,unit,value,low,high\n"
						"a,b,USD,,,\n"
						"a,c,USD,1.500000,1.000000,2.000000\n"
						"a,d,USD,0.250000,,\n");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_range_is_shown_only_where_it_is_seen),
		cmocka_unit_test(whole_numbers_are_grouped),
		cmocka_unit_test(what_is_not_a_number_is_an_empty_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
