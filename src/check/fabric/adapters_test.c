#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/fabric_told.h"
#include <cmocka.h>

static const char check[] = "fabric-adapters";

#define NONE                              \
	"fault fault:missing-adapter 0\n" \
	"fault fault:unseen-adapter 0\n"  \
	"fault fault:duplicate-guid 0\n"  \
	"fault fault:unnamed-adapter 0\n" \
	"fault fault:doubtful-host 0\n"

/* A newer word on a fault replaces that of NONE. */
static void what_is_missing_fails_and_what_has_no_name_warns(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "seen - whole\n" NONE "", VERDICT_PASS },
		{ "seen - whole\n" NONE "+1 c fault fault:missing-adapter 3\n", VERDICT_FAIL },
		{ "seen - whole\n" NONE "+1 c fault fault:unseen-adapter 3\n", VERDICT_FAIL },
		{ "seen - whole\n" NONE "+1 c fault fault:duplicate-guid 3\n", VERDICT_FAIL },
		{ "seen - whole\n" NONE "+1 c fault fault:unnamed-adapter 3\n", VERDICT_WARN },
		{ "seen - whole\n" NONE "+1 c fault fault:doubtful-host 3\n", VERDICT_WARN },
		{ "seen - whole\n" NONE "+1 c fault fault:duplicate-guid ? not seen\n",
		  VERDICT_UNKNOWN },
		{ "seen - whole\n" NONE "+1 c fault fault:duplicate-guid ? not seen\n+1 c fault "
		  "fault:missing-adapter 1\n",
		  VERDICT_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(fabric_verdict_of(check, cases[i].lines), cases[i].verdict);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	(void)state;
	assert_int_equal(fabric_verdict_of(check, ""), VERDICT_UNKNOWN);
	assert_int_equal(fabric_verdict_of(check, "seen - whole\n"), VERDICT_UNKNOWN);
	assert_int_equal(
		fabric_verdict_of(
			check, "seen - partial\n"
			       "fault fault:duplicate-guid ? the fabric was not seen as a whole\n"),
		VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_fails_and_what_has_no_name_warns),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
