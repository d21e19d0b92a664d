#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "cuda-floor";

static void it_is_held_against_its_branch(void **state)
{
	static const struct verdict_case cases[] = {
		{ "floor", "software software:cuda 13.1\n", VERDICT_PASS, NULL },
		{ "patch above", "software software:cuda 13.1.1\n", VERDICT_PASS, NULL },
		{ "below", "software software:cuda 13.0.2\n", VERDICT_FAIL, "13.1" },
		{ "another branch is not held against this one", "software software:cuda 12.9.1\n",
		  VERDICT_UNKNOWN, "no floor" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "software software:cuda ? no permission\n", VERDICT_UNKNOWN,
		  "no permission" },
		{ "garbage", "software software:cuda \\\"no\"\\ version\n", VERDICT_UNKNOWN,
		  "no floor" },
		{ "not in the container",
		  "container - docker\n"
		  "software software:cuda absent\n",
		  VERDICT_UNKNOWN, "outside" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void what_is_not_installed_is_not_judged(void **state)
{
	static const struct verdict_case cases[] = {
		{ "absent", "software software:cuda absent\n", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void a_host_without_gpu_has_nothing_to_fail(void **state)
{
	static const struct verdict_case cases[] = {
		{ "old", "software software:cuda 1.0\n", VERDICT_NOT_APPLICABLE, NULL },
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
		cmocka_unit_test(a_host_without_gpu_has_nothing_to_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
