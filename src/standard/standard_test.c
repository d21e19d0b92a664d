#include "test/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void grades_have_names(void **state)
{
	static const char *const others[] = { "", "platinum", "Gol", "Golds", "Bronze " };

	(void)state;
	for (unsigned i = 0; i < GRADE_COUNT; i++) {
		enum grade grade = GRADE_COUNT;

		assert_true(grade_parse(span_of(grade_names[i]), &grade));
		assert_int_equal(grade, i);
	}
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(grade_parse(span_of(others[i]), &(enum grade){ 0 }));
	assert_true(GRADE_UNDERPERFORM < GRADE_BRONZE && GRADE_GOLD < GRADE_PLATINUM);
}

static void things_are_found_by_their_whole_name(void **state)
{
	struct standard standard = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_load(NULL, &arena, &standard, NULL));
	assert_int_equal(standard_find_criterion(&standard, SPAN("speed.start")), 0);
	assert_int_equal(standard_find_criterion(&standard, SPAN("trust.audit")), 3);
	assert_int_equal(standard_find_criterion(&standard, SPAN("trust.audi")), -1);
	assert_int_equal(standard_find_criterion(&standard, SPAN("trust.audits")), -1);
	assert_int_equal(standard_find_criterion(&standard, SPAN("")), -1);
	assert_int_equal(standard_find_category(&standard, SPAN("trust")), 1);
	assert_int_equal(standard_find_category(&standard, SPAN("Trust")), -1);
	assert_int_equal(standard_find_profile(&standard, SPAN("small")), 1);
	assert_int_equal(standard_find_profile(&standard, SPAN("all")), -1);
}

static void gates_are_found_by_their_criterion(void **state)
{
	struct standard standard = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_load(NULL, &arena, &standard, NULL));
	assert_int_equal(standard_gate_of(&standard, 3), 0);
	assert_int_equal(standard_gate_of(&standard, 1), 1);
	assert_int_equal(standard_gate_of(&standard, 0), -1);
}

static void the_nearest_is_the_one_of_fewest_edits(void **state)
{
	static const struct {
		const char *id, *nearest;
	} cases[] = {
		{ "speed.start", "speed.start" }, { "speed.strat", "speed.start" },
		{ "sped.link", "speed.links" },   { "trust.adit", "trust.audit" },
		{ "scope", "trust.scope" },       { "", "speed.start" }, /* the first of equals */
	};
	struct standard standard = { 0 }, empty = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_load(NULL, &arena, &standard, NULL));
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(standard_nearest(&standard, span_of(cases[i].id))->id,
				    cases[i].nearest);
	assert_null(standard_nearest(&empty, SPAN("a")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grades_have_names),
		cmocka_unit_test(things_are_found_by_their_whole_name),
		cmocka_unit_test(gates_are_found_by_their_criterion),
		cmocka_unit_test(the_nearest_is_the_one_of_fewest_edits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
