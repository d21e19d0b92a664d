#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "standalone-tools";

static void broken_partial_and_ready(void **state)
{
	static const struct verdict_case cases[] = {
		{ "ready",
		  "module module:nvidia 580.159.03\n"
		  "software software:nvcc 13.1\n"
		  "software software:docker 29.7.0\n"
		  "software software:nvidia-container-toolkit 1.19.1\n",
		  VERDICT_PASS, NULL },
		{ "partial",
		  "module module:nvidia 580.159.03\n"
		  "software software:nvcc absent\n"
		  "software software:docker absent\n"
		  "software software:nvidia-container-toolkit absent\n",
		  VERDICT_WARN, NULL },
		{ "broken", "module module:nvidia absent\n", VERDICT_FAIL, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void elsewhere_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "node of Slurm", "service service:slurmd running\n", VERDICT_NOT_APPLICABLE,
		  NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void a_host_without_gpu_has_nothing_to_fail(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare", "module module:nvidia absent\n", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "driver only", "module module:nvidia 580.159.03\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_partial_and_ready),
		cmocka_unit_test(elsewhere_it_does_not_apply),
		cmocka_unit_test(a_host_without_gpu_has_nothing_to_fail),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
