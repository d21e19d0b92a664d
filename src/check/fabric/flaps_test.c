#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/fabric_told.h"
#include <cmocka.h>

static const char check[] = "fabric-flaps";

static void downs_warn_and_only_a_full_count_passes(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "link.counted fabric:compute 64\nlink.uncounted fabric:compute 0\n"
		  "link.downs fabric:compute 0\n",
		  VERDICT_PASS },
		{ "link.counted fabric:compute 63\nlink.uncounted fabric:compute 1\n"
		  "link.downs fabric:compute 0\n",
		  VERDICT_UNKNOWN },
		{ "link.counted fabric:compute 64\n"
		  "link.uncounted fabric:compute ? the fabric was not seen as a whole\n"
		  "link.downs fabric:compute 0\n",
		  VERDICT_UNKNOWN },
		{ "link.counted fabric:compute 1\nlink.uncounted fabric:compute 63\n"
		  "link.downs fabric:compute 2\n",
		  VERDICT_WARN },
		{ "link.counted fabric:compute 0\nlink.uncounted fabric:compute 64\n"
		  "link.downs fabric:compute ? no evidence of hosts\n",
		  VERDICT_UNKNOWN },
		/* Downs that are not told are not none. */
		{ "link.counted fabric:compute 64\nlink.uncounted fabric:compute 0\n"
		  "link.downs fabric:compute ? lost\n",
		  VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(fabric_verdict_of(check, cases[i].lines), cases[i].verdict);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	(void)state;
	assert_int_equal(fabric_verdict_of(check, ""), VERDICT_UNKNOWN);
	assert_int_equal(fabric_verdict_of(check, "link.downs fabric:compute 0\n"),
			 VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(downs_warn_and_only_a_full_count_passes),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
