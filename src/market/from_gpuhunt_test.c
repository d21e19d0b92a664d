#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEADER                                                                                  \
	"instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size," \
	"gpu_vendor,flags,cpu_arch,provider_data\n"

static void a_row_is_a_quote_of_the_provider_that_the_file_names(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gpuhunt, "v2/lambda.csv", "2026-03-01",
		   HEADER "gpu_8x_h100,us-east-1,31.92,208,1800.0,8,H100,80.0,False,,nvidia,,x86,\n"
			  "gpu_8x_h100,us-east-1,16,208,1800.0,8,H100,80.0,True,,nvidia,,x86,\n");
	stall_expect(&stall, 2, REFUSAL_MALFORMED, 0);
	assert_string_equal(stall_name(&stall, stall_quote(&stall, 0)->provider), "lambda");
	stall_expect_usd(stall_quote(&stall, 0), 3.99);
	assert_int_equal(stall_quote(&stall, 0)->form, FORM_UNKNOWN);
	assert_int_equal(stall_quote(&stall, 0)->memory_gb, 80);
	assert_int_equal(stall_quote(&stall, 1)->rental, RENTAL_SPOT);
}

static void what_is_wrong_with_a_row_is_said(void **state)
{
	static const struct {
		const char *row;
		enum refusal why;
	} cases[] = {
		{ "c5.large,r,0.1,2,4.0,0,,,False,,,,,", REFUSAL_NO_GPU },
		{ "x,r,1,2,4.0,1,H100,7.0,False,,,,,", REFUSAL_MEMORY },
		{ "x,r,2,2,4.0,1,H100,80,maybe,,,,,", REFUSAL_RENTAL_UNKNOWN },
		{ "x,r,2,2,4.0,0,H100,80,False,,,,,", REFUSAL_GPU_COUNT },
		{ "x,r,free,2,4.0,1,H100,80,False,,,,,", REFUSAL_PRICE_MALFORMED },
		{ "x,r,-2,2,4.0,1,H100,80,False,,,,,", REFUSAL_PRICE_NEGATIVE },
		{ "x,r,2,2", REFUSAL_MALFORMED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text text = { .maximum = 4096 };
		SCOPED_STALL(stall);

		text_format(&text, HEADER "%s\n", cases[i].row);
		stall_take(&stall, &from_gpuhunt, "lambda.csv", "2026-03-01", text_string(&text));
		text_release(&text);
		stall_expect(&stall, 0, cases[i].why, 1);
	}
}

static void columns_may_stand_in_another_order(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gpuhunt, "lambda.csv", "2026-03-01",
		   "spot,gpu_name,gpu_count,price,location,instance_name\nFalse,H100,8,32,r,x\n");
	stall_expect(&stall, 1, REFUSAL_MALFORMED, 0);
	stall_expect_usd(stall_quote(&stall, 0), 4);
}

static void a_column_that_is_needed_and_absent_ends_the_import(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	assert_false(stall_read(&stall, &from_gpuhunt, "lambda.csv", "2026-03-01",
				SPAN("instance_name,location,price\nx,r,2\n")));
	assert_non_null(strstr(stall.err.text, "gpu_count"));
}

static void it_is_known_by_its_columns(void **state)
{
	(void)state;
	stall_expect_claim(&from_gpuhunt, "any.csv", HEADER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_a_quote_of_the_provider_that_the_file_names),
		cmocka_unit_test(what_is_wrong_with_a_row_is_said),
		cmocka_unit_test(columns_may_stand_in_another_order),
		cmocka_unit_test(a_column_that_is_needed_and_absent_ends_the_import),
		cmocka_unit_test(it_is_known_by_its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
