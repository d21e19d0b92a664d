#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "driver-floor";

static void each_branch_has_its_floor(void **state)
{
	static const struct verdict_case cases[] = {
		{ "floor", "nvidia.driver - 580.159.03\n", VERDICT_PASS, NULL },
		{ "below", "nvidia.driver - 580.126.20\n", VERDICT_FAIL, "580.159.03" },
		{ "an old branch with fixes", "nvidia.driver - 535.309.01\n", VERDICT_PASS, NULL },
		{ "550 is at its end", "nvidia.driver - 550.163.01\n", VERDICT_FAIL, "at its end" },
		{ "470 is at its end", "nvidia.driver - 470.256.02\n", VERDICT_FAIL, "at its end" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "a branch nobody knows", "nvidia.driver - 999.9\n", VERDICT_UNKNOWN, "no floor" },
		{ "not read", "nvidia.driver - ? no permission\n", VERDICT_UNKNOWN,
		  "no permission" },
		{ "a message is no version",
		  "nvidia.driver - Failed to initialize NVML: Driver/library version mismatch\n",
		  VERDICT_UNKNOWN, "no floor" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void amd_has_no_floor_yet(void **state)
{
	static const struct verdict_case cases[] = {
		{ "mi300",
		  "gpu.count.pci vendor:amd 8\n"
		  "amd.driver - 6.12.12\n",
		  VERDICT_UNKNOWN, "no floor" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void without_a_gpu_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare", "nvidia.driver - 550.163.01\n", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_branch_has_its_floor),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(amd_has_no_floor_yet),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
