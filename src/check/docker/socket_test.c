#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "docker-socket";

static void the_mode_decides(void **state)
{
	static const struct verdict_case cases[] = {
		{ "closed", "file file:/run/docker.sock socket 0660 0\n", VERDICT_PASS, NULL },
		{ "open", "file file:/run/docker.sock socket 0666 0\n", VERDICT_FAIL, "0666" },
		{ "by its other name",
		  "file file:/run/docker.sock absent\n"
		  "file file:/var/run/docker.sock socket 0666 0\n",
		  VERDICT_FAIL, NULL },
		{ "none",
		  "file file:/run/docker.sock absent\n"
		  "file file:/var/run/docker.sock absent\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "file file:/run/docker.sock ? denied\n", VERDICT_UNKNOWN, "denied" },
		{ "no mode", "file file:/run/docker.sock socket\n", VERDICT_UNKNOWN, "no mode" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_mode_decides),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
