#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/rails.h"
#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

#define RAN(index, task, value) "test.rdma.latency.p99 rdma:mlx5_" index "/1/" task ":8 " value "\n"

static const char well[] =
	RAILS RAN("0", "write", "1.9e-6") RAN("0", "read", "3.9e-6") RAN("1", "write", "2.1e-6");

static const struct verdict_case cases[] = {
	{ "well", "", VERDICT_PASS, "3 runs" },
	{ "slow", RAN("1", "write", "7e-6"), VERDICT_FAIL, "7.00 us, 5 us" },
	{ "a read may take twice as long", RAN("0", "read", "7e-6"), VERDICT_PASS, NULL },
	{ "a slow read", RAN("0", "read", "11e-6"), VERDICT_FAIL, "10 us" },
	{ "failed", RAN("1", "write", "? ib_write_lat mlx5_1: the port is down"), VERDICT_UNKNOWN,
	  "the port is down" },
	{ "in software", "rdma.driver rdma:mlx5_1 rdma_rxe\n", VERDICT_UNKNOWN, "in software" },
};

static void verdicts_follow_what_was_measured(void **state)
{
	(void)state;
	VERDICTS_HOLD("rdma-latency", well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, RAILS, NULL);
	assert_int_equal(scene_worst(&scene, "rdma-latency"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "rdma-latency"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_measured),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
