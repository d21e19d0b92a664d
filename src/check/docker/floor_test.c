#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "docker-floor";

static void it_is_held_against_its_branch(void **state)
{
	static const struct verdict_case cases[] = {
		{ "floor", "software software:docker 29.7.0\n", VERDICT_PASS, NULL },
		{ "below", "software software:docker 29.6.4\n", VERDICT_FAIL, "29.7.0" },
		{ "another branch is not held against this one",
		  "software software:docker 28.5.2\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "software software:docker ? no permission\n", VERDICT_UNKNOWN,
		  "no permission" },
		{ "garbage", "software software:docker \\\"no\"\\ version\n", VERDICT_UNKNOWN,
		  "no floor" },
		{ "not in the container",
		  "container - docker\n"
		  "software software:docker absent\n",
		  VERDICT_UNKNOWN, "outside" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void what_is_not_installed_is_not_judged(void **state)
{
	static const struct verdict_case cases[] = {
		{ "absent", "software software:docker absent\n", VERDICT_NOT_APPLICABLE, NULL },
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
