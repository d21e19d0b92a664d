#include "evidence/measure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void names_stand_in_their_order(void **state)
{
	(void)state;
	for (unsigned i = 1; i < MEASURE_COUNT; i++)
		if (strcmp(measures[i - 1].name, measures[i].name) >= 0)
			fail_msg("'%s' stands before '%s'", measures[i - 1].name, measures[i].name);
}

static void every_measure_is_found_by_its_name(void **state)
{
	enum measure found;

	(void)state;
	for (unsigned i = 0; i < MEASURE_COUNT; i++) {
		assert_true(measure_find(measures[i].name, &found));
		assert_int_equal(found, i);
		assert_true(strncmp(measures[i].name, "node.", 5) == 0);
		assert_true(*measures[i].meaning);
	}
	assert_false(measure_find("node.gpu", &found));
	assert_false(measure_find("", &found));
	assert_false(measure_find("node.zzz", &found));
}

static void numbers_have_units_and_words_have_none(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MEASURE_COUNT; i++) {
		bool number =
			measures[i].kind == MEASURE_VALUE || measures[i].kind == MEASURE_COUNTER;

		assert_int_equal(measures[i].unit != NULL, number);
	}
}

static void a_title_leaves_the_values_out(void **state)
{
	(void)state;
	assert_true(span_is(measure_title(NODE_RDMA_STATE), "state of the port"));
	assert_true(span_is(measure_title(NODE_GPU_POWER), "power drawn"));
	for (unsigned i = 0; i < MEASURE_COUNT; i++)
		assert_true(measure_title((enum measure)i).length > 0);
}

static struct record make(enum record_says says)
{
	return (struct record){
		.subject.parts = { [SUBJECT_PROVIDER] = "a", [SUBJECT_NODE] = "n" },
		.says = says,
		.text = "text",
		.unit = "C",
		.kind = KIND_MEASUREMENT,
	};
}

static void a_record_says_what_its_measure_asks(void **state)
{
	static const struct {
		enum measure measure;
		enum record_says says;
		bool fits;
	} cases[] = {
		{ NODE_GPU_TEMPERATURE, SAYS_VALUE, true },
		{ NODE_GPU_TEMPERATURE, SAYS_STATE, false },
		{ NODE_GPU_TEMPERATURE, SAYS_UNKNOWN, true },
		{ NODE_GPU_TEMPERATURE, SAYS_ANSWER, false },
		{ NODE_GPU_POWER, SAYS_VALUE, false }, /* in watts */
		{ NODE_GPU_NAME, SAYS_STATE, true },
		{ NODE_GPU_NAME, SAYS_TEXT, false },
		{ NODE_LOG_XID, SAYS_TEXT, true },
		{ NODE_LOG_XID, SAYS_VALUE, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct record record = make(cases[i].says);
		struct error err = { 0 };

		assert_int_equal(measure_fits(cases[i].measure, &record, &err), cases[i].fits);
		assert_int_equal(err.text[0] == '\0', cases[i].fits);
	}
}

static void a_measure_is_about_a_node_and_measured(void **state)
{
	struct record record = make(SAYS_VALUE);

	(void)state;
	record.subject.parts[SUBJECT_NODE] = NULL;
	assert_false(measure_fits(NODE_GPU_TEMPERATURE, &record, NULL));
	record = make(SAYS_VALUE);
	record.kind = KIND_STATEMENT;
	assert_false(measure_fits(NODE_GPU_TEMPERATURE, &record, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stand_in_their_order),
		cmocka_unit_test(every_measure_is_found_by_its_name),
		cmocka_unit_test(numbers_have_units_and_words_have_none),
		cmocka_unit_test(a_title_leaves_the_values_out),
		cmocka_unit_test(a_record_says_what_its_measure_asks),
		cmocka_unit_test(a_measure_is_about_a_node_and_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
