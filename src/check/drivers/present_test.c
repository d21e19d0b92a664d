#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "drivers-present";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "gpu.count.pci vendor:amd 0\n"
			   "nvidia.driver - 580.159.03\n"
			   "module module:nvidia 580.159.03\n"
			   "rdma.count - 4\n"
			   "gpu.library library:nvml ok\n";

static void missing_gpu_only_and_complete(void **state)
{
	static const struct verdict_case cases[] = {
		{ "complete", "", VERDICT_PASS, "4 RDMA adapters" },
		{ "no driver",
		  "nvidia.driver - -\n"
		  "module module:nvidia absent\n",
		  VERDICT_FAIL, "not loaded" },
		{ "another version", "gpu.library library:nvml mismatch\n", VERDICT_FAIL,
		  "mismatch" },
		{ "an adapter without",
		  "pci.class pci:0000:1a:00.0 020700\n"
		  "pci.driver pci:0000:1a:00.0 none\n",
		  VERDICT_WARN, "no driver has" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "no adapters counted", "nvidia.driver - 580.159.03\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void without_a_gpu_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare", "module module:nvidia absent\n", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_gpu_only_and_complete),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
