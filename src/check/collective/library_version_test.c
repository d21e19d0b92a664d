#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "collective-library-version";

static void missing_warns_and_a_version_needs_a_floor(void **state)
{
	static const struct verdict_case cases[] = {
		{ "missing", "software software:nccl absent\n", VERDICT_WARN, NULL },
		{ "no floor", "software software:nccl 2.28.9\n", VERDICT_UNKNOWN, "no floor" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void amd_has_its_own(void **state)
{
	static const struct verdict_case cases[] = {
		{ "rccl",
		  "gpu.count.pci vendor:amd 8\n"
		  "software software:rccl absent\n",
		  VERDICT_WARN, "RCCL" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "software software:nccl ? denied\n", VERDICT_UNKNOWN, "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void a_host_without_gpu_has_nothing_to_fail(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare", "software software:nccl absent\n", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_warns_and_a_version_needs_a_floor),
		cmocka_unit_test(amd_has_its_own),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(a_host_without_gpu_has_nothing_to_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
