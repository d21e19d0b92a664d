#include "market/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_type_that_is_listed_exists_only_where_it_is_listed(void **state)
{
	struct availability *regions = NULL;

	(void)state;
	assert_true(availability_add(&regions, SPAN("a3-highgpu-8g"), SPAN("us-central1")));
	assert_true(availability_add(&regions, SPAN("a3-highgpu-8g"), SPAN("europe-west4")));
	assert_true(availability_has(regions, SPAN("a3-highgpu-8g"), SPAN("europe-west4")));
	assert_false(availability_has(regions, SPAN("a3-highgpu-8g"), SPAN("asia-east1")));
	assert_false(availability_has(regions, SPAN("a3-highgpu-8g"), SPAN("")));
	availability_free(regions);
}

static void of_a_type_that_is_not_listed_nothing_is_known(void **state)
{
	struct availability *regions = NULL;

	(void)state;
	assert_true(availability_has(NULL, SPAN("a2"), SPAN("mars")));
	assert_true(availability_add(&regions, SPAN("a3"), SPAN("us")));
	assert_true(availability_has(regions, SPAN("a2"), SPAN("mars")));
	availability_free(regions);
	availability_free(NULL);
}

static void what_is_empty_or_too_long_is_not_added(void **state)
{
	struct availability *regions = NULL;
	char text[NAME_LENGTH_MAXIMUM];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_false(availability_add(&regions, SPAN(""), SPAN("us")));
	assert_false(availability_add(&regions, SPAN("a3"), SPAN("")));
	assert_false(availability_add(&regions, (struct span){ text, sizeof(text) }, SPAN("us")));
	assert_null(regions);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_type_that_is_listed_exists_only_where_it_is_listed),
		cmocka_unit_test(of_a_type_that_is_not_listed_nothing_is_known),
		cmocka_unit_test(what_is_empty_or_too_long_is_not_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
