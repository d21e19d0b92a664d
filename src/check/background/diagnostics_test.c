#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "background-diagnostics";

static void absent_unwired_and_running(void **state)
{
	static const struct verdict_case cases[] = {
		{ "running", "service service:dcgm running\n", VERDICT_UNKNOWN, "who acts on it" },
		{ "stopped", "service service:dcgm stopped\n", VERDICT_WARN, NULL },
		{ "absent", "service service:dcgm absent\n", VERDICT_FAIL, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "service service:dcgm ? denied\n", VERDICT_UNKNOWN, "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void without_a_gpu_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare", "service service:dcgm absent\n", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absent_unwired_and_running),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
