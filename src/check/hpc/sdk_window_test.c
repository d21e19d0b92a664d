#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "hpc-sdk-window";

static void it_is_held_against_its_branch(void **state)
{
	static const struct verdict_case cases[] = {
		{ "in the window", "software software:hpc-sdk 26.5\n", VERDICT_PASS, NULL },
		{ "current", "software software:hpc-sdk 26.9\n", VERDICT_PASS, NULL },
		{ "old", "software software:hpc-sdk 26.3\n", VERDICT_FAIL, "26.5" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "software software:hpc-sdk ? no permission\n", VERDICT_UNKNOWN,
		  "no permission" },
		{ "garbage", "software software:hpc-sdk \\\"no\"\\ version\n", VERDICT_UNKNOWN,
		  "no floor" },
		{ "not in the container",
		  "container - docker\n"
		  "software software:hpc-sdk absent\n",
		  VERDICT_UNKNOWN, "outside" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void what_is_not_installed_is_not_judged(void **state)
{
	static const struct verdict_case cases[] = {
		{ "absent", "software software:hpc-sdk absent\n", VERDICT_NOT_APPLICABLE, NULL },
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
