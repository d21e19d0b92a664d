#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "gpu-profiling";

static void open_or_for_administrators(void **state)
{
	static const struct verdict_case cases[] = {
		{ "open", "nvidia.parameter parameter:RmProfilingAdminOnly 0\n", VERDICT_PASS,
		  NULL },
		{ "closed", "nvidia.parameter parameter:RmProfilingAdminOnly 1\n", VERDICT_WARN,
		  "modprobe.d" },
		{ "the driver comes first",
		  "nvidia.parameter parameter:RmProfilingAdminOnly 1\n"
		  "setting setting:modprobe:nvidia.NVreg_RestrictProfilingToAdminUsers 0\n",
		  VERDICT_WARN, NULL },
		{ "the file alone",
		  "setting setting:modprobe:nvidia.NVreg_RestrictProfilingToAdminUsers 0\n",
		  VERDICT_PASS, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "unset says nothing of the loaded driver",
		  "setting setting:modprobe:nvidia.NVreg_RestrictProfilingToAdminUsers unset\n",
		  VERDICT_UNKNOWN, NULL },
		{ "garbage", "nvidia.parameter parameter:RmProfilingAdminOnly 0x\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void without_a_gpu_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare", "", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_or_for_administrators),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
