#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "running-kernel";

static void newest_behind_and_ahead(void **state)
{
	static const struct verdict_case cases[] = {
		{ "newest",
		  "kernel - 6.1.0-30-amd64\n"
		  "kernel.newest - 6.1.0-30-amd64\n"
		  "reboot-required - no\n",
		  VERDICT_PASS, NULL },
		{ "behind",
		  "kernel - 6.1.0-9-amd64\n"
		  "kernel.newest - 6.1.0-30-amd64\n",
		  VERDICT_FAIL, "waits for a reboot" },
		{ "number for number",
		  "kernel - 6.8.0-100-generic\n"
		  "kernel.newest - 6.8.0-99-generic\n",
		  VERDICT_WARN, "go back" },
		{ "a reboot is due",
		  "kernel - 6.1.0-30-amd64\n"
		  "kernel.newest - 6.1.0-30-amd64\n"
		  "reboot-required - yes\n",
		  VERDICT_WARN, "asks for a reboot" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void another_flavour_says_nothing(void **state)
{
	static const struct verdict_case cases[] = {
		{ "cloud beside the plain one",
		  "kernel - 6.1.0-9-amd64\n"
		  "kernel.newest - 6.1.0-30-cloud-amd64\n",
		  VERDICT_UNKNOWN, "flavour" },
		{ "cloud runs and is the newest",
		  "kernel - 6.1.0-30-cloud-amd64\n"
		  "kernel.newest - 6.1.0-30-cloud-amd64\n",
		  VERDICT_PASS, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "packages not known",
		  "kernel - 6.1.0-30-amd64\n"
		  "kernel.newest - ? no package list\n",
		  VERDICT_UNKNOWN, "no package list" },
		{ "in a container",
		  "container - docker\n"
		  "kernel - 6.1.0-30-amd64\n"
		  "kernel.newest - 6.1.0-30-amd64\n",
		  VERDICT_UNKNOWN, "outside" },
		{ "garbage",
		  "kernel - \\\\\"x\n"
		  "kernel.newest - 6\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newest_behind_and_ahead),
		cmocka_unit_test(another_flavour_says_nothing),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
