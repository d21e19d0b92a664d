#include "feedback/rule.h"
#include "test/customers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void make(struct customers *all, struct record **ret_records, uint32_t *ret_count)
{
	(void)customers_opinion(all, "p", 0);
	opinions_records(&all->standard, &all->opinions, CUSTOMERS_DAY, &all->arena, ret_records,
			 ret_count);
}

static void enough_proven_voices_make_a_record_that_settles(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct record *records;
	uint32_t count;

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		customers_add(&all, "p", "g");
	make(&all, &records, &count);
	assert_int_equal(count, 1);
	assert_true(standard_accepts(&all.standard, &records[0], CUSTOMERS_DAY, NULL));
	assert_int_equal(records[0].kind, KIND_ANSWER);
	assert_int_equal(records[0].strength, STRENGTH_E1);
	assert_string_equal(records[0].source.name, "customers of p");
	assert_string_equal(records[0].text, "good");
	assert_int_equal(records[0].observed, CUSTOMERS_DAY);
	assert_int_equal(records[0].expires, CUSTOMERS_DAY - 200 + 365);
	assert_non_null(strstr(records[0].excerpt, "5 voices"));
	assert_non_null(strstr(records[0].excerpt, "good 5"));
}

static void too_few_make_no_record(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct record *records;
	uint32_t count;

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		customers_add(&all, "p", "g");
	make(&all, &records, &count);
	assert_int_equal(count, 0);
}

static void the_same_opinion_is_the_same_record(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct record *before, *after, *other;
	uint32_t count;

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		customers_add(&all, "p", "gs");
	make(&all, &before, &count);
	make(&all, &after, &count);
	assert_int_equal(count, 2);
	assert_string_equal(before[0].id, after[0].id);
	assert_memory_equal(before[0].hash, after[0].hash, RECORD_HASH_BYTES);
	assert_string_not_equal(before[0].id, before[1].id);
	customers_add(&all, "p", "g");
	make(&all, &other, &count);
	assert_string_not_equal(before[0].id, other[0].id);
	assert_string_equal(before[1].id, other[1].id);
}

static void no_word_of_a_customer_gets_into_a_record(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct given_answer reason = { QUESTION_SPARES, SAYS_NOT_APPLICABLE, "<b>ours</b>", 0,
				       "<i>remark</i>" };
	struct record *records;
	SCOPED_TEXT(line);
	uint32_t count;

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		struct submission *one = customers_add(&all, "p", "");

		one->answers = &reason;
		one->answer_count = 1;
		one->remark = "<u>whole</u>";
	}
	make(&all, &records, &count);
	assert_int_equal(count, 1);
	record_write(&records[0], true, &line);
	assert_null(strchr(text_string(&line), '<'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enough_proven_voices_make_a_record_that_settles),
		cmocka_unit_test(too_few_make_no_record),
		cmocka_unit_test(the_same_opinion_is_the_same_record),
		cmocka_unit_test(no_word_of_a_customer_gets_into_a_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
