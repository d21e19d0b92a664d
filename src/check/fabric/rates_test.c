#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/fabric_told.h"
#include <cmocka.h>

static const char check[] = "fabric-rates";

#define NONE                        \
	"fault fault:slow-link 0\n" \
	"fault fault:unequal-ends 0\n"

/* A newer word on a fault replaces that of NONE. */
static void half_of_the_rate_at_a_host_fails(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "seen - whole\n" NONE "link.slowest fabric:compute 100\n", VERDICT_PASS },
		{ "seen - whole\n" NONE "", VERDICT_UNKNOWN },
		{ "seen - whole\n" NONE "link.slowest fabric:compute ? not whole\n",
		  VERDICT_UNKNOWN },
		{ "seen - whole\n" NONE "+1 c fault fault:slow-link 1\n", VERDICT_WARN },
		{ "seen - whole\n" NONE
		  "+1 c fault fault:slow-link 1\nlink.slowest fabric:compute 100\n",
		  VERDICT_WARN },
		{ "seen - whole\n" NONE
		  "+1 c fault fault:unequal-ends 1\nlink.slowest fabric:compute 73\n",
		  VERDICT_WARN },
		{ "seen - whole\n" NONE
		  "+1 c fault fault:slow-link 1\nlink.slowest fabric:compute 50\n",
		  VERDICT_FAIL },
		{ "seen - whole\n" NONE
		  "+1 c fault fault:slow-link 1\nlink.slowest fabric:storage 25\n",
		  VERDICT_WARN },
		{ "seen - whole\n" NONE
		  "link.slowest fabric:compute 100\n+1 c fault fault:slow-link ? not seen\n",
		  VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(fabric_verdict_of(check, cases[i].lines), cases[i].verdict);
}

static void the_share_is_told(void **state)
{
	SCOPED_FABRIC_TOLD(told);

	(void)state;
	fabric_told_make(&told, "seen - whole\n" NONE "+1 c fault fault:slow-link 1\n"
				"link.slowest fabric:compute 25\n");
	assert_int_equal(fabric_told_verdict(&told, check), VERDICT_FAIL);
	assert_non_null(strstr(told.found.items[0].text, "at 25 % of its like; 1 slow-link"));
}

static void silence_is_unknown_not_a_pass(void **state)
{
	(void)state;
	assert_int_equal(fabric_verdict_of(check, ""), VERDICT_UNKNOWN);
	assert_int_equal(fabric_verdict_of(check, "seen - whole\n"), VERDICT_UNKNOWN);
	assert_int_equal(
		fabric_verdict_of(check,
				  "seen - partial\n"
				  "fault fault:slow-link ? the fabric was not seen as a whole\n"),
		VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(half_of_the_rate_at_a_host_fails),
		cmocka_unit_test(the_share_is_told),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
