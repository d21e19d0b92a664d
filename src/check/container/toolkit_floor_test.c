#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "container-toolkit-floor";

static void it_is_held_against_its_branch(void **state)
{
	static const struct verdict_case cases[] = {
		{ "floor", "software software:nvidia-container-toolkit 1.19.1\n", VERDICT_PASS,
		  NULL },
		{ "above", "software software:nvidia-container-toolkit 1.20.0\n", VERDICT_PASS,
		  NULL },
		{ "one below", "software software:nvidia-container-toolkit 1.19.0\n", VERDICT_FAIL,
		  "1.19.1" },
		{ "the escape", "software software:nvidia-container-toolkit 1.17.7\n", VERDICT_FAIL,
		  "CVE-2025-23266" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "software software:nvidia-container-toolkit ? no permission\n",
		  VERDICT_UNKNOWN, "no permission" },
		{ "garbage", "software software:nvidia-container-toolkit \\\"no\"\\ version\n",
		  VERDICT_UNKNOWN, "no floor" },
		{ "not in the container",
		  "container - docker\n"
		  "software software:nvidia-container-toolkit absent\n",
		  VERDICT_UNKNOWN, "outside" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void what_is_not_installed_is_not_judged(void **state)
{
	static const struct verdict_case cases[] = {
		{ "absent", "software software:nvidia-container-toolkit absent\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void a_host_without_gpu_has_nothing_to_fail(void **state)
{
	static const struct verdict_case cases[] = {
		{ "old", "software software:nvidia-container-toolkit 1.0\n", VERDICT_NOT_APPLICABLE,
		  NULL },
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
