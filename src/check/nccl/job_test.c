#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/verdicts.h"
#include <cmocka.h>

static const char check[] = "nccl-job";

static void detours_and_warnings_warn(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing wrong",
		  "nccl.log.warning - 0\nnccl.log.algorithm nccl-log:ring/ll128 3\n", VERDICT_PASS,
		  "ring/ll128 (3)" },
		{ "through memory",
		  "nccl.log.channel nccl-log:shm 4\nnccl.log.algorithm nccl-log:ring/ll 1\n",
		  VERDICT_WARN, "4 connections" },
		{ "a warning", "nccl.log.warning - 2\nnccl.log.algorithm nccl-log:ring/ll 1\n",
		  VERDICT_WARN, "2 warnings" },
		{ "no TUNING", "nccl.log.warning - 0\n", VERDICT_UNKNOWN, "LL128" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(detours_and_warnings_warn),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
