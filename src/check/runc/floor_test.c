#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "runc-floor";

static void it_is_held_against_its_branch(void **state)
{
	static const struct verdict_case cases[] = {
		{ "floor", "software software:runc 1.3.6\n", VERDICT_PASS, NULL },
		{ "below", "software software:runc 1.3.5\n", VERDICT_FAIL, NULL },
		{ "1.1.14 is in an open range", "software software:runc 1.1.14\n", VERDICT_FAIL,
		  "CVE-2025-31133" },
		{ "1.2.8 is in an open range", "software software:runc 1.2.8\n", VERDICT_FAIL,
		  "GHSA-xjvp-4fhw-gc47" },
		{ "0.1.1 is old", "software software:runc 0.1.1\n", VERDICT_FAIL,
		  "CVE-2024-21626" },
		{ "a candidate before the floor", "software software:runc 1.5.0-rc.2\n",
		  VERDICT_FAIL, NULL },
		{ "a new branch", "software software:runc 1.9.0\n", VERDICT_UNKNOWN, NULL },
		{ "without the backport",
		  "software software:runc 1.1.5\n"
		  "software.package software:runc 1.1.5+ds1-1\n",
		  VERDICT_FAIL, "CVE-2024-21626" },
		{ "the backport of Debian counts; what came later is named",
		  "software software:runc 1.1.5\n"
		  "software.package software:runc 1.1.5+ds1-1+deb12u1\n",
		  VERDICT_FAIL, "CVE-2025-31133" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "software software:runc ? no permission\n", VERDICT_UNKNOWN,
		  "no permission" },
		{ "garbage", "software software:runc \\\"no\"\\ version\n", VERDICT_UNKNOWN,
		  "no floor" },
		{ "not in the container",
		  "container - docker\n"
		  "software software:runc absent\n",
		  VERDICT_UNKNOWN, "outside" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void what_is_not_installed_is_not_judged(void **state)
{
	static const struct verdict_case cases[] = {
		{ "absent", "software software:runc absent\n", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_held_against_its_branch),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(what_is_not_installed_is_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
