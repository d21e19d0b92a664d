#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "kernel-branch-leak";

static void the_word_decides(void **state)
{
	static const struct verdict_case cases[] = {
		{ "not affected", "cpu.vulnerability vulnerability:vmscape Not affected\n",
		  VERDICT_PASS, NULL },
		{ "mitigated",
		  "cpu.vulnerability vulnerability:vmscape Mitigation: IBPB before exit to "
		  "userspace\n",
		  VERDICT_PASS, NULL },
		{ "vulnerable", "cpu.vulnerability vulnerability:vmscape Vulnerable\n",
		  VERDICT_FAIL, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "an old kernel", "cpu.vulnerability vulnerability:spectre_v2 Mitigation: IBRS\n",
		  VERDICT_UNKNOWN, NULL },
		{ "not read", "cpu.vulnerability vulnerability:vmscape ? denied\n", VERDICT_UNKNOWN,
		  "denied" },
		{ "another word",
		  "cpu.vulnerability vulnerability:vmscape Unknown: running under hypervisor\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_word_decides),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
