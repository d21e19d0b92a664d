#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "sudo-available";

static void a_right_is_also_a_risk(void **state)
{
	static const struct verdict_case cases[] = {
		{ "granted",
		  "software software:sudo 1.9.13\n"
		  "setting setting:sudo:nopasswd ubuntu %ops\n",
		  VERDICT_PASS, "is root" },
		{ "to all",
		  "software software:sudo 1.9.13\n"
		  "setting setting:sudo:nopasswd ALL\n",
		  VERDICT_WARN, "each account" },
		{ "installed",
		  "software software:sudo 1.9.13\n"
		  "setting setting:sudo:nopasswd unset\n",
		  VERDICT_UNKNOWN, "who may use it" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void root_without_sudo_is_no_fault(void **state)
{
	static const struct verdict_case cases[] = {
		{ "absent",
		  "software software:sudo absent\n"
		  "setting setting:sudo:nopasswd unset\n",
		  VERDICT_UNKNOWN, "none is needed" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "software software:sudo ? denied\n", VERDICT_UNKNOWN, "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_right_is_also_a_risk),
		cmocka_unit_test(root_without_sudo_is_no_fault),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
