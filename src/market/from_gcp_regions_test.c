#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char list[] = "NAME;CPUS;SHARED_CPU;MEMORY_GB;DEPRECATED;ZONE\n"
			   "a3-highgpu-8g;208;False;1872.00;;us-central1\n"
			   "a3-highgpu-8g;208;False;1872.00;;us-east4\n"
			   "e2-micro;2;True;1.00;;us-east4\n";

static void the_list_says_where_a_type_exists(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp_regions, "machinetyperegion.csv", NULL, list);
	assert_true(availability_has(stall.regions, SPAN("a3-highgpu-8g"), SPAN("us-east4")));
	assert_false(availability_has(stall.regions, SPAN("a3-highgpu-8g"), SPAN("us-west1")));
	assert_false(availability_has(stall.regions, SPAN("e2-micro"), SPAN("us-central1")));
}

static void of_a_type_that_is_not_listed_nothing_is_known(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	assert_true(availability_has(stall.regions, SPAN("a9"), SPAN("mars")));
	stall_take(&stall, &from_gcp_regions, "machinetyperegion.csv", NULL, list);
	assert_true(availability_has(stall.regions, SPAN("a9"), SPAN("mars")));
}

static void its_rows_are_no_quotes(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp_regions, "machinetyperegion.csv", NULL, list);
	stall_expect(&stall, 0, REFUSAL_MALFORMED, 0);
}

static void a_row_that_says_nothing_is_refused(void **state)
{
	struct text long_list = { .maximum = 4096 };
	SCOPED_STALL(stall);

	(void)state;
	text_add(&long_list, "NAME;ZONE\n;x\na;");
	text_add_repeated(&long_list, 'x', NAME_LENGTH_MAXIMUM + 1);
	stall_take(&stall, &from_gcp_regions, "list.csv", NULL, text_string(&long_list));
	assert_int_equal(stall_refused(&stall, REFUSAL_TOO_LONG), 1);
	assert_int_equal(stall_refused(&stall, REFUSAL_MALFORMED), 1);
	text_release(&long_list);
}

static void it_is_known_by_its_columns_and_read_first(void **state)
{
	(void)state;
	stall_expect_claim(&from_gcp_regions, "any.csv", list);
	assert_true(from_gcp_regions.first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_says_where_a_type_exists),
		cmocka_unit_test(of_a_type_that_is_not_listed_nothing_is_known),
		cmocka_unit_test(its_rows_are_no_quotes),
		cmocka_unit_test(a_row_that_says_nothing_is_refused),
		cmocka_unit_test(it_is_known_by_its_columns_and_read_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
