#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/rails.h"
#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

#define RAN(index, task, value) "test.rdma.bandwidth rdma:mlx5_" index "/1/" task " " value "\n"

static const char well[] = RAILS RAN("0", "write:65536", "4.9e10") RAN("0", "read:65536", "4.85e10")
	RAN("1", "write:65536", "4.9e10") RAN("1", "gpu-write:65536", "4.9e10");

static const struct verdict_case cases[] = {
	{ "well", "", VERDICT_PASS, "4 runs" },
	{ "half", RAN("1", "write:65536", "2.4e10"), VERDICT_FAIL, "192.0 Gb/s, 384.0 Gb/s" },
	{ "a GPU's memory", RAN("1", "gpu-write:65536", "1.6e10"), VERDICT_FAIL, "ACS" },
	{ "small messages are not judged", RAN("1", "write:8192", "1e10"), VERDICT_PASS, NULL },
	{ "no CUDA", RAN("1", "gpu-write:65536", "? this perftest is built without CUDA"),
	  VERDICT_UNKNOWN, "without CUDA" },
	{ "no rate", "rdma.rate rdma:mlx5_1/1 ? denied\n", VERDICT_UNKNOWN, "no reference" },
	{ "in software", "rdma.driver rdma:mlx5_1 rdma_rxe\n", VERDICT_UNKNOWN, "in software" },
	{ "a slower port is held to its own rate",
	  "rdma.rate rdma:mlx5_1/1 200\n" RAN("1", "write:65536", "2.45e10")
		  RAN("1", "gpu-write:65536", "2.45e10"),
	  VERDICT_PASS, NULL },
};

static void verdicts_follow_what_was_measured(void **state)
{
	(void)state;
	VERDICTS_HOLD("rdma-bandwidth", well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, RAILS, NULL);
	assert_int_equal(scene_worst(&scene, "rdma-bandwidth"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "rdma-bandwidth"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_measured),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
