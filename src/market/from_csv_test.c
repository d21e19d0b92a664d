#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "provider,gpu,gpus,rental,price,currency,observed"

static void columns_stand_in_any_order_under_usual_names(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_csv, "a.csv", NULL,
		   "Currency;Date;Price per GPU;GPU Name;gpu_count;Vendor;Billing;VRAM GB;comment\n"
		   "USD;2026-03-02;2.99;H100 SXM;8;Lambda Labs;on-demand;80;x\n");
	stall_expect(&stall, 1, REFUSAL_NONE, 0);

	const struct quote *quote = stall_quote(&stall, 0);
	stall_expect_usd(quote, 2.99);
	assert_int_equal(quote->gpus, 8);
	assert_int_equal(quote->memory_gb, 80);
	assert_int_equal(quote->price_of, PRICE_OF_GPU);
	assert_string_equal(stall_name(&stall, quote->provider), "lambda");
}

static void the_files_day_counts_where_no_row_says_one(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_csv, "a.csv", "2026-03-05",
		   "provider,gpu,gpus,rental,price,currency\n"
		   "x,H100,1,spot,2,USD\n");
	assert_int_equal(stall_quote(&stall, 0)->observed, 20517 * 86400ll);
}

static void a_column_that_is_needed_and_absent_ends_the_import(void **state)
{
	static const struct {
		const char *head, *says;
	} cases[] = {
		{ "provider,gpu,gpus,rental,price,observed\n", "no column 'currency'" },
		{ "provider,gpu,gpus,price,currency,observed\n", "no column 'rental'" },
		{ "provider,region,gpus,rental,price,currency,observed\n", "no column 'gpu'" },
		{ "provider,gpu,gpus,rental,currency,observed\n", "no column 'price'" },
		{ "provider,gpu,gpus,rental,price,currency\n", "no column 'observed'" },
		{ "lambda,H100,8,spot,2.99,USD,2026-03-02\n", "no column 'provider'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_STALL(stall);

		assert_false(stall_read(&stall, &from_csv, "a.csv", NULL, span_of(cases[i].head)));
		if (!strstr(stall.err.text, cases[i].says))
			print_message("# %s\n", stall.err.text);
		assert_non_null(strstr(stall.err.text, cases[i].says));
	}
}

static void a_cell_that_is_none_of_its_column_says_why(void **state)
{
	static const struct {
		const char *head, *row;
		enum refusal why;
	} cases[] = {
		{ HEAD, "x,H100,0.5,spot,2,USD,2026-03-02", REFUSAL_GPU_FRACTION },
		{ HEAD, "x,H100,1.5,spot,2,USD,2026-03-02", REFUSAL_GPU_COUNT },
		{ HEAD, "x,H100,0,spot,2,USD,2026-03-02", REFUSAL_GPU_COUNT },
		{ HEAD, "x,H100,-1,spot,2,USD,2026-03-02", REFUSAL_GPU_COUNT },
		{ HEAD, "x,H100,many,spot,2,USD,2026-03-02", REFUSAL_MALFORMED },
		{ HEAD, "x,H100,1,sometimes,2,USD,2026-03-02", REFUSAL_RENTAL_UNKNOWN },
		{ HEAD, "x,H100,1,,2,USD,2026-03-02", REFUSAL_RENTAL_UNKNOWN },
		{ HEAD, "x,H100,1,spot,2,USD,yesterday", REFUSAL_MALFORMED },
		{ HEAD, "x,H100,1,spot,2,USD,", REFUSAL_NO_DATE },
		{ HEAD, ",H100,1,spot,2,USD,2026-03-02", REFUSAL_NO_PROVIDER },
		{ HEAD ",unit", "x,H100,1,spot,2,USD,2026-03-02,fortnight", REFUSAL_UNIT_UNKNOWN },
		{ HEAD ",per", "x,H100,1,spot,2,USD,2026-03-02,rack", REFUSAL_UNIT_UNKNOWN },
		{ HEAD ",term", "x,H100,1,contract,2,USD,2026-03-02,1 year", REFUSAL_TERM },
		{ HEAD ",term", "x,H100,1,contract,2,USD,2026-03-02,", REFUSAL_TERM },
		{ HEAD ",memory_gb", "x,H100,1,spot,2,USD,2026-03-02,0.08", REFUSAL_MEMORY },
		{ HEAD ",memory_gb", "x,H100,1,spot,2,USD,2026-03-02,80 GB", REFUSAL_MALFORMED },
		{ HEAD ",nvlink", "x,H100,1,spot,2,USD,2026-03-02,maybe", REFUSAL_MALFORMED },
		{ HEAD ",stock", "x,H100,1,spot,2,USD,2026-03-02,maybe", REFUSAL_MALFORMED },
		{ HEAD ",includes", "x,H100,1,spot,2,USD,2026-03-02,lunch", REFUSAL_MALFORMED },
		{ HEAD ",includes,excludes", "x,H100,1,spot,2,USD,2026-03-02,host,host",
		  REFUSAL_MALFORMED },
		{ HEAD ",reliability", "x,H100,1,spot,2,USD,2026-03-02,99", REFUSAL_MALFORMED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_STALL(stall);

		stall_take(&stall, &from_csv, "a.csv", NULL,
			   arena_format(&stall.arena, "%s\n%s\n", cases[i].head, cases[i].row));
		stall_expect(&stall, 0, cases[i].why, 1);
	}
}

static void half_a_file_keeps_its_whole_rows(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_csv, "a.csv", NULL,
		   HEAD "\nx,H100,1,spot,2,USD,2026-03-02\nx,H100,1,spo");
	stall_expect(&stall, 1, REFUSAL_MALFORMED, 1);
}

static void moved_columns_do_not_pass_as_prices(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	/* One cell is missing in the middle and one is left over at the end. */
	stall_take(&stall, &from_csv, "a.csv", NULL,
		   HEAD ",form\nx,H100,spot,2,USD,2026-03-02,sxm,\n"
			"H100,x,1,spot,2,USD,2026-03-02,sxm\n");
	assert_int_equal(stall.book.kept, 0);
	assert_int_equal(stall.book.rows, 2);
}

static void only_what_names_a_provider_and_a_price_is_claimed(void **state)
{
	(void)state;
	stall_expect_claim(&from_csv, "a.csv", HEAD "\n");
	stall_expect_claim(&from_csv, "a.csv", "\xef\xbb\xbfProvider\tPrice\r\n");
	stall_expect_claim(NULL, "a.csv", "a,b\n");
	stall_expect_claim(NULL, "a.csv", "");
	stall_expect_claim(NULL, "a.csv", "\n\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_stand_in_any_order_under_usual_names),
		cmocka_unit_test(the_files_day_counts_where_no_row_says_one),
		cmocka_unit_test(a_column_that_is_needed_and_absent_ends_the_import),
		cmocka_unit_test(a_cell_that_is_none_of_its_column_says_why),
		cmocka_unit_test(half_a_file_keeps_its_whole_rows),
		cmocka_unit_test(moved_columns_do_not_pass_as_prices),
		cmocka_unit_test(only_what_names_a_provider_and_a_price_is_claimed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
