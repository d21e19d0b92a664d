#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/fabric_told.h"
#include <cmocka.h>

static const char check[] = "fabric-blocking";

static void what_wiring_takes_away_is_told(void **state)
{
	static const struct {
		const char *line;
		enum verdict verdict;
	} cases[] = {
		{ "blocking fabric:compute/tier:0 1", VERDICT_PASS },
		{ "blocking fabric:compute/tier:0 0.5", VERDICT_PASS },
		{ "blocking fabric:compute/tier:0 1.04", VERDICT_PASS },
		{ "blocking fabric:compute/tier:0 1.25", VERDICT_WARN },
		{ "blocking fabric:compute/tier:1 1.5", VERDICT_FAIL },
		{ "blocking fabric:compute/tier:0 4", VERDICT_FAIL },
		{ "blocking fabric:compute/tier:0 0", VERDICT_UNKNOWN },
		{ "blocking fabric:compute/tier:0 ? the fabric was not seen as a whole",
		  VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(fabric_verdict_of(check, cases[i].line), cases[i].verdict);
}

static void a_bound_is_said_to_be_one(void **state)
{
	SCOPED_FABRIC_TOLD(told);

	(void)state;
	fabric_told_make(&told, "blocking fabric:compute/tier:0 2\n");
	assert_int_equal(fabric_told_verdict(&told, check), VERDICT_FAIL);
	assert_non_null(strstr(told.found.items[0].text, "50 % of their rate is lost, by wiring"));
	assert_string_equal(told.found.items[0].about, "c/fabric:compute/tier:0");
}

static void silence_is_unknown_not_a_pass(void **state)
{
	(void)state;
	assert_int_equal(fabric_verdict_of(check, ""), VERDICT_UNKNOWN);
	assert_int_equal(fabric_verdict_of(check, "seen - whole\n"), VERDICT_UNKNOWN);
	/* A thin network of storage says nothing of jobs. */
	assert_int_equal(fabric_verdict_of(check, "blocking fabric:storage/tier:0 1\n"),
			 VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_wiring_takes_away_is_told),
		cmocka_unit_test(a_bound_is_said_to_be_one),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
