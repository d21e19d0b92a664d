#include "evidence/fabric_measure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void each_is_found_and_stands_in_its_order(void **state)
{
	enum fabric_measure found;

	(void)state;
	for (unsigned i = 0; i < FABRIC_MEASURE_COUNT; i++) {
		const struct measure_row *row = &fabric_measures[i];

		assert_true(fabric_measure_find(row->name, &found));
		assert_int_equal(found, i);
		assert_int_equal(strncmp(row->name, "fabric.", 7), 0);
		assert_int_equal(row->unit != NULL, row->kind == MEASURE_VALUE);
		if (i > 0 && strcmp(fabric_measures[i - 1].name, row->name) >= 0)
			fail_msg("'%s' stands before '%s'", fabric_measures[i - 1].name, row->name);
	}
	assert_false(fabric_measure_find("fabric.", &found));
	assert_false(fabric_measure_find("node.gpu.name", &found));
}

static void a_record_has_the_kind_the_unit_and_no_node(void **state)
{
	struct record record = {
		.subject.parts = { [SUBJECT_PROVIDER] = "a", [SUBJECT_CLUSTER] = "c" },
		.says = SAYS_VALUE,
		.value = 2,
		.unit = "ratio",
		.kind = KIND_MEASUREMENT,
	};
	struct error err;

	(void)state;
	assert_true(fabric_measure_fits(FABRIC_BLOCKING, &record, &err));
	assert_false(fabric_measure_fits(FABRIC_HOSTS, &record, &err));
	assert_non_null(strstr(err.text, "measured in hosts"));
	assert_false(fabric_measure_fits(FABRIC_STYLE, &record, &err));
	record.subject.parts[SUBJECT_NODE] = "n";
	assert_false(fabric_measure_fits(FABRIC_BLOCKING, &record, &err));
	assert_non_null(strstr(err.text, "no 'node'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_found_and_stands_in_its_order),
		cmocka_unit_test(a_record_has_the_kind_the_unit_and_no_node),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
