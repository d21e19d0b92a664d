#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "kernel-fragnesia";

static void the_build_decides(void **state)
{
	static const struct verdict_case cases[] = {
		{ "with the fix",
		  "system - ubuntu 24.04\n"
		  "kernel - 6.8.0-124-generic\n",
		  VERDICT_PASS, NULL },
		{ "before it",
		  "system - ubuntu 24.04\n"
		  "kernel - 6.8.0-123-generic\n",
		  VERDICT_FAIL, "6.8.0.124" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void others_are_unknown_not_fine(void **state)
{
	static const struct verdict_case cases[] = {
		{ "cloud builds count on their own",
		  "system - ubuntu 24.04\n"
		  "kernel - 6.8.0-1024-aws\n",
		  VERDICT_UNKNOWN, NULL },
		{ "newer line",
		  "system - ubuntu 24.04\n"
		  "kernel - 6.14.0-27-generic\n",
		  VERDICT_UNKNOWN, NULL },
		{ "debian",
		  "system - debian 12\n"
		  "kernel - 6.1.0-30-amd64\n",
		  VERDICT_UNKNOWN, "no floor" },
		{ "another ubuntu",
		  "system - ubuntu 22.04\n"
		  "kernel - 6.8.0-124-generic\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "no system", "kernel - 6.8.0-124-generic\n", VERDICT_UNKNOWN, NULL },
		{ "no kernel", "system - ubuntu 24.04\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_build_decides),
		cmocka_unit_test(others_are_unknown_not_fine),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
