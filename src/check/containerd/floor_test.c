#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "containerd-floor";

static void it_is_held_against_its_branch(void **state)
{
	static const struct verdict_case cases[] = {
		{ "before the first fix", "software software:containerd 1.7.28\n", VERDICT_FAIL,
		  "CVE-2024-25621" },
		{ "in the second range", "software software:containerd 2.0.6\n", VERDICT_FAIL,
		  "2.0.7" },
		{ "only ranges are known", "software software:containerd 2.1.5\n", VERDICT_UNKNOWN,
		  NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "software software:containerd ? no permission\n", VERDICT_UNKNOWN,
		  "no permission" },
		{ "garbage", "software software:containerd \\\"no\"\\ version\n", VERDICT_UNKNOWN,
		  "no floor" },
		{ "not in the container",
		  "container - docker\n"
		  "software software:containerd absent\n",
		  VERDICT_UNKNOWN, "outside" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void what_is_not_installed_is_not_judged(void **state)
{
	static const struct verdict_case cases[] = {
		{ "absent", "software software:containerd absent\n", VERDICT_NOT_APPLICABLE, NULL },
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
