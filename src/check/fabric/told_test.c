#include "check/fabric/told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/fabric_told.h"
#include <cmocka.h>

static void of_one_subject_the_newest_counts(void **state)
{
	size_t at = 0;
	const struct record *record;
	SCOPED_FABRIC_TOLD(told);

	(void)state;
	fabric_told_make(&told, "-3 c hosts fabric:compute 8\nhosts fabric:compute 16\n"
				"-5 c hosts fabric:compute 4\n-1 c2 hosts fabric:compute 2\n");
	record = fabric_next(&told.input, FABRIC_HOSTS, &at);
	assert_int_equal((int)record->value, 16);
	record = fabric_next(&told.input, FABRIC_HOSTS, &at);
	assert_int_equal((int)record->value, 2);
	assert_string_equal(fabric_place_name(record, &told.arena), "c2/fabric:compute");
	assert_null(fabric_next(&told.input, FABRIC_HOSTS, &at));
}

static void a_value_is_of_the_same_subject(void **state)
{
	size_t at = 0;
	double value = 0;
	const struct record *record;
	SCOPED_FABRIC_TOLD(told);

	(void)state;
	fabric_told_make(&told, "hosts fabric:compute 16\n-0 c2 links fabric:compute 2\n"
				"links fabric:storage 3\ngroups fabric:compute ? unseen\n"
				"planes fabric:compute 1\n");
	record = fabric_next(&told.input, FABRIC_HOSTS, &at);
	assert_false(fabric_value(&told.input, FABRIC_LINKS, record, &value));
	assert_false(fabric_value(&told.input, FABRIC_GROUPS, record, &value));
	assert_true(fabric_value(&told.input, FABRIC_PLANES, record, &value));
	assert_int_equal((int)value, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_one_subject_the_newest_counts),
		cmocka_unit_test(a_value_is_of_the_same_subject),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
