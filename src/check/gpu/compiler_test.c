#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "gpu-compiler";

static void missing_mismatched_and_matching(void **state)
{
	static const struct verdict_case cases[] = {
		{ "matching",
		  "software software:nvcc 12.8.93\n"
		  "setting setting:path:profile /usr/local/cuda/bin\n",
		  VERDICT_PASS, NULL },
		{ "oldest that fits",
		  "software software:nvcc 11.8.89\n"
		  "setting setting:path:profile /usr/local/cuda/bin\n",
		  VERDICT_PASS, NULL },
		{ "too old",
		  "software software:nvcc 11.7.99\n"
		  "setting setting:path:profile /usr/local/cuda/bin\n",
		  VERDICT_WARN, "11.8" },
		{ "not on the path",
		  "software software:nvcc 12.8.93\n"
		  "setting setting:path:profile unset\n",
		  VERDICT_WARN, "not on the" },
		{ "missing", "software software:nvcc absent\n", VERDICT_FAIL, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "path not known", "software software:nvcc 12.8.93\n", VERDICT_UNKNOWN, NULL },
		{ "no version",
		  "software software:nvcc ? no file tells\n"
		  "software.path software:nvcc /usr/bin/nvcc\n",
		  VERDICT_UNKNOWN, NULL },
		{ "no model",
		  "software software:nvcc 12.8.93\n"
		  "gpu.name gpu:0000:19:00.0 X9000\n"
		  "pci.id pci:0000:19:00.0 10de:ffff\n"
		  "setting setting:path:profile /usr/local/cuda/bin\n",
		  VERDICT_UNKNOWN, "no reference" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void amd_has_no_reference(void **state)
{
	static const struct verdict_case cases[] = {
		{ "rocm",
		  "gpu.count.pci vendor:amd 8\n"
		  "software software:rocm 6.4.2\n",
		  VERDICT_UNKNOWN, NULL },
		{ "missing",
		  "gpu.count.pci vendor:amd 8\n"
		  "software software:rocm absent\n",
		  VERDICT_FAIL, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void a_host_without_gpu_has_nothing_to_fail(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare", "software software:nvcc absent\n", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_mismatched_and_matching),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(amd_has_no_reference),
		cmocka_unit_test(a_host_without_gpu_has_nothing_to_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
