#include "market/cell.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_day_begins_with_its_first_second(void **state)
{
	(void)state;
	assert_int_equal(cell_day(1), 86400);
	assert_int_equal(cell_day(DATE_NONE), 0);
}

static void a_count_is_whole_or_a_part_of_one(void **state)
{
	static const struct {
		const char *text;
		uint32_t gpus;
		bool fraction;
	} cases[] = {
		{ "8", 8, false },   { "8.0", 8, false },  { "0.125", 0, true },
		{ "2.5", 0, false }, { "0", 0, false },    { "-1", 0, false },
		{ "", 0, false },    { "many", 0, false }, { "1e30", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct draft draft = { 0 };

		cell_gpus(span_of(cases[i].text), &draft);
		assert_int_equal(draft.gpus, cases[i].gpus);
		assert_int_equal(draft.fraction, cases[i].fraction);
	}
}

static void memory_and_numbers_that_are_none_are_not_said(void **state)
{
	(void)state;
	assert_int_equal(cell_gib(SPAN("80")), 81920);
	assert_int_equal(cell_gib(SPAN("80.0")), 81920);
	assert_int_equal(cell_mib(SPAN("81559")), 81559);
	assert_int_equal(cell_mib(SPAN("0.3")), 1);
	assert_int_equal(cell_mib(SPAN("1e300")), 1 << 30);
	assert_int_equal(cell_mib(SPAN("-5")), 0);
	assert_int_equal(cell_gib(SPAN("")), 0);
	assert_true(isnan(cell_number(SPAN("free"))));
}

static void cents_become_dollars_and_words_stay_words(void **state)
{
	char into[MONEY_TEXT_SIZE];

	(void)state;
	assert_true(span_is(cell_cents(SPAN("249"), into), "2.49"));
	assert_true(span_is(cell_cents(SPAN("0.5"), into), "0.005"));
	assert_true(span_is(cell_cents(SPAN("ask us"), into), "ask us"));
	assert_int_equal(cell_cents((struct span){ 0 }, into).length, 0);
}

static void the_path_of_a_file_says_who_sells(void **state)
{
	static const struct {
		const char *file, *folder, *stem;
	} cases[] = {
		{ "catalogs/v8/aws/vms.csv", "aws", "vms" },
		{ "gcp.csv.gz", "", "gcp" },
		{ "./2026-07-05-lambda.csv", ".", "lambda" },
		{ "x/lambda_2026-07-05.csv", "x", "lambda" },
		{ "x/2026-07-05.csv", "x", "2026-07-05" },
		{ "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(span_is(file_folder(cases[i].file), cases[i].folder));
		assert_true(span_is(file_stem(cases[i].file), cases[i].stem));
	}
}

static void a_part_of_a_text_is_found_in_any_case(void **state)
{
	(void)state;
	assert_true(span_holds(SPAN("D2 Low Priority"), "low priority"));
	assert_true(span_holds(SPAN("Spot"), "spot"));
	assert_false(span_holds(SPAN("Spo"), "spot"));
	assert_true(span_holds(SPAN(""), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_begins_with_its_first_second),
		cmocka_unit_test(a_count_is_whole_or_a_part_of_one),
		cmocka_unit_test(memory_and_numbers_that_are_none_are_not_said),
		cmocka_unit_test(cents_become_dollars_and_words_stay_words),
		cmocka_unit_test(the_path_of_a_file_says_who_sells),
		cmocka_unit_test(a_part_of_a_text_is_found_in_any_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
