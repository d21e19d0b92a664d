#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/fabric_told.h"
#include <cmocka.h>

static const char check[] = "fabric-uplinks";

#define NONE                             \
	"fault fault:missing-uplink 0\n" \
	"fault fault:moved-uplink 0\n"   \
	"fault fault:missing-link 0\n"

/* A newer word on a fault replaces that of NONE. */
static void a_bound_of_thirty_percent_fails(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "seen - whole\n" NONE "", VERDICT_PASS },
		{ "seen - whole\n" NONE "+1 c fault fault:missing-uplink 1\n", VERDICT_WARN },
		{ "seen - whole\n" NONE "+1 c fault fault:moved-uplink 1\n", VERDICT_WARN },
		{ "seen - whole\n" NONE "+1 c fault fault:missing-link 1\n", VERDICT_WARN },
		{ "seen - whole\n" NONE
		  "+1 c fault fault:missing-uplink 4\nblocking fabric:compute/tier:0 "
		  "1\nblocking.most fabric:compute/tier:0 1.25\n",
		  VERDICT_WARN },
		{ "seen - whole\n" NONE
		  "+1 c fault fault:missing-uplink 4\nblocking fabric:compute/tier:0 "
		  "1\nblocking.most fabric:compute/tier:0 1.5\n",
		  VERDICT_FAIL },
		{ "seen - whole\n" NONE
		  "+1 c fault fault:missing-uplink 4\nblocking fabric:storage/tier:0 "
		  "1\nblocking.most fabric:storage/tier:0 4\n",
		  VERDICT_WARN },
		{ "seen - whole\n" NONE
		  "blocking fabric:compute/tier:0 1\nblocking.most fabric:compute/tier:0 4\n",
		  VERDICT_PASS },
		{ "seen - whole\n" NONE "+1 c fault fault:missing-link ? not seen\n",
		  VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(fabric_verdict_of(check, cases[i].lines), cases[i].verdict);
}

static void the_loss_is_told(void **state)
{
	SCOPED_FABRIC_TOLD(told);

	(void)state;
	fabric_told_make(&told, "seen - whole\n" NONE "+1 c fault fault:missing-uplink 8\n"
				"blocking fabric:compute/tier:0 1\n"
				"blocking.most fabric:compute/tier:0 2\n");
	assert_int_equal(fabric_told_verdict(&told, check), VERDICT_FAIL);
	assert_non_null(strstr(told.found.items[0].text, "lacks 50 %"));
	assert_non_null(strstr(told.found.items[0].text, "8 missing-uplink"));
	assert_non_null(told.found.items[0].action);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	(void)state;
	assert_int_equal(fabric_verdict_of(check, ""), VERDICT_UNKNOWN);
	assert_int_equal(fabric_verdict_of(check, "seen - whole\n"), VERDICT_UNKNOWN);
	assert_int_equal(fabric_verdict_of(
				 check,
				 "seen - partial\n"
				 "fault fault:missing-link ? the fabric was not seen as a whole\n"),
			 VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bound_of_thirty_percent_fails),
		cmocka_unit_test(the_loss_is_told),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
