#include "feedback/submission.h"
#include "test/customers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char whole[] =
	"{\"answers\":{\"asked.q0\":{\"answer\":\"good\",\"remark\":\"a \\\"word\\\"\"},"
	"\"asked.spares\":{\"not_applicable\":\"none\"},\"asked.start\":{\"value\":12.5}},"
	"\"competes\":true,\"employer\":\"Us\",\"gpu_hours\":1000,\"id\":\"s1\",\"origin\":\"o\","
	"\"paid_for\":true,\"proof\":{\"checked\":true,\"kind\":\"run\",\"mark\":\"m\"},"
	"\"remark\":\"two\\nlines\",\"schema\":\"assay/feedback/v1\",\"subject\":{\"gpu\":\"h100\","
	"\"provider\":\"p\"},\"tenant\":\"t\",\"time\":\"2025-01-02T03:04:05Z\"}";

static void what_was_read_is_written_the_same(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct submission one;
	SCOPED_TEXT(written);

	(void)state;
	assert_true(submission_read(span_of(whole), "f", &all.standard, &all.arena, &one, NULL));
	submission_write(&one, &all.standard, &written);
	assert_string_equal(text_string(&written), whole);
}

static void what_is_not_there_is_not_written(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct submission one = *customers_claim(&all, "p", "g");
	SCOPED_TEXT(written);

	(void)state;
	one.id = one.tenant = one.origin = "";
	one.time = 0;
	submission_write(&one, &all.standard, &written);
	assert_string_equal(text_string(&written),
			    "{\"answers\":{\"asked.q0\":{\"answer\":\"good\"}},\"proof\":"
			    "{\"checked\":false,\"kind\":\"none\"},\"schema\":"
			    "\"assay/feedback/v1\",\"subject\":{\"provider\":\"p\"}}");
}

static void answers_are_sorted_by_their_names(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct given_answer answers[] = { { .criterion = QUESTION_START },
					  { .criterion = QUESTION_SPARES },
					  { .criterion = 3 },
					  { .criterion = 0 } };

	(void)state;
	submission_sort(&all.standard, answers, 4);
	assert_int_equal(answers[0].criterion, 0);
	assert_int_equal(answers[1].criterion, 3);
	assert_int_equal(answers[2].criterion, QUESTION_SPARES);
	assert_int_equal(answers[3].criterion, QUESTION_START);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_read_is_written_the_same),
		cmocka_unit_test(what_is_not_there_is_not_written),
		cmocka_unit_test(answers_are_sorted_by_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
