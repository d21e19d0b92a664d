#include "test/customers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void customers_are_asked_first_what_they_settle_first(void **state)
{
	SCOPED_CUSTOMERS(all);
	uint32_t *criteria, count;

	(void)state;
	questionnaire_of(&all.standard, QUESTIONS_CUSTOMERS, &all.arena, &criteria, &count);
	assert_int_equal(count, QUESTION_COUNT);
	for (uint32_t i = 1; i < count; i++) {
		uint16_t before = all.standard.criteria[criteria[i - 1]].weight;
		uint16_t after = all.standard.criteria[criteria[i]].weight;

		assert_true(before > after || (before == after && criteria[i - 1] < criteria[i]));
	}
}

static void all_that_they_may_settle_can_be_asked(void **state)
{
	SCOPED_CUSTOMERS(all);
	uint32_t *criteria, count;

	(void)state;
	questionnaire_of(&all.standard, QUESTIONS_ALL, &all.arena, &criteria, &count);
	assert_int_equal(count, QUESTION_COUNT + 2);
	for (uint32_t i = 0; i < count; i++)
		assert_true(customers_may_answer(&all.standard.criteria[criteria[i]]));
	assert_false(customers_may_answer(&all.standard.criteria[QUESTION_AUDIT]));
}

static void a_standard_that_asks_nobody_has_no_questions(void **state)
{
	SCOPED_CUSTOMERS(all);
	uint32_t *criteria, count;

	(void)state;
	for (uint32_t i = 0; i < CUSTOMERS_CRITERIA; i++)
		all.standard.criteria[i].way_count = 0;
	questionnaire_of(&all.standard, QUESTIONS_ALL, &all.arena, &criteria, &count);
	assert_int_equal(count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(customers_are_asked_first_what_they_settle_first),
		cmocka_unit_test(all_that_they_may_settle_can_be_asked),
		cmocka_unit_test(a_standard_that_asks_nobody_has_no_questions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
