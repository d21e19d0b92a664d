#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "default-paths";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "container - none\n"
			   "setting setting:path:cuda /usr/local/cuda-13.0\n"
			   "setting setting:path:profile /usr/local/cuda/bin:/opt/x\n"
			   "software software:cuda 13.0.1\n"
			   "software software:nvcc 13.0.88\n"
			   "cuda.driver - 13.0\n";

static void paths_and_versions_fit_or_not(void **state)
{
	static const struct verdict_case cases[] = {
		{ "fit", "", VERDICT_PASS, NULL },
		{ "link to nothing", "software software:cuda absent\n", VERDICT_FAIL,
		  "no toolkit" },
		{ "no link", "setting setting:path:cuda unset\n", VERDICT_WARN, NULL },
		{ "not on the path", "setting setting:path:profile unset\n", VERDICT_WARN,
		  "not on the path" },
		{ "another folder",
		  "setting setting:path:profile /opt/cuda/bin:/usr/local/cuda/binary\n",
		  VERDICT_WARN, NULL },
		{ "target on the path", "setting setting:path:profile /usr/local/cuda-13.0/bin\n",
		  VERDICT_PASS, NULL },
		{ "newer minor", "software software:nvcc 13.2.5\n", VERDICT_WARN, "limits" },
		{ "newer major", "software software:nvcc 14.0\n", VERDICT_FAIL, "does not run" },
		{ "older", "software software:nvcc 12.8.93\n", VERDICT_PASS, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "link only",
		  "setting setting:path:cuda /usr/local/cuda-13.0\n"
		  "setting setting:path:profile /usr/local/cuda/bin\n"
		  "software software:cuda 13.0\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void what_cannot_be_compared_is_unknown(void **state)
{
	static const struct verdict_case cases[] = {
		{ "garbage", "software software:nvcc \\\"13\\\\\n", VERDICT_UNKNOWN, NULL },
		{ "driver silent", "cuda.driver - ? denied\n", VERDICT_UNKNOWN, "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void a_host_without_gpu_has_nothing_to_fail(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare",
		  "setting setting:path:cuda unset\n"
		  "software software:nvcc absent\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_and_versions_fit_or_not),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(what_cannot_be_compared_is_unknown),
		cmocka_unit_test(a_host_without_gpu_has_nothing_to_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
