#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/rails.h"
#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = RAILS;

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "rdma.partitions rdma:mlx5_3/1 0x8001,0xffff\n", VERDICT_FAIL },
	{ "rdma.partitions rdma:mlx5_3/1 0x7fff,0x0001\n", VERDICT_FAIL },
	{ "rdma.partitions rdma:mlx5_3/1 ? refused\n", VERDICT_UNKNOWN },
	{ "rdma.partitions rdma:mlx5_3/1 -\n", VERDICT_UNKNOWN },
	{ "rdma.partitions rdma:mlx5_3/1 0xffff\n"
	  "rdma.state rdma:mlx5_3/1 down\n",
	  VERDICT_PASS },
	{ "rdma.partitions rdma:mlx5_0/1 0xffff\n"
	  "rdma.partitions rdma:mlx5_1/1 0xffff\n"
	  "rdma.partitions rdma:mlx5_2/1 0xffff\n"
	  "rdma.partitions rdma:mlx5_3/1 0xffff\n"
	  "rdma.partitions rdma:mlx5_4/1 0xffff\n"
	  "rdma.partitions rdma:mlx5_5/1 0xffff\n"
	  "rdma.partitions rdma:mlx5_6/1 0xffff\n"
	  "rdma.partitions rdma:mlx5_7/1 0xffff\n",
	  VERDICT_UNKNOWN },
	{ "rdma.partitions rdma:mlx5_0/1 0x8001,0xffff\n"
	  "rdma.partitions rdma:mlx5_1/1 0x8001,0xffff\n"
	  "rdma.partitions rdma:mlx5_2/1 0x8001,0xffff\n"
	  "rdma.partitions rdma:mlx5_3/1 0x8001,0xffff\n"
	  "rdma.partitions rdma:mlx5_4/1 0x8001,0xffff\n"
	  "rdma.partitions rdma:mlx5_5/1 0x8001,0xffff\n"
	  "rdma.partitions rdma:mlx5_6/1 0x8001,0xffff\n"
	  "rdma.partitions rdma:mlx5_7/1 0x8001,0xffff\n",
	  VERDICT_WARN },
	{ "rdma.partitions rdma:mlx5_0/1 none\n"
	  "rdma.partitions rdma:mlx5_1/1 none\n"
	  "rdma.partitions rdma:mlx5_2/1 none\n"
	  "rdma.partitions rdma:mlx5_3/1 none\n"
	  "rdma.partitions rdma:mlx5_4/1 none\n"
	  "rdma.partitions rdma:mlx5_5/1 none\n"
	  "rdma.partitions rdma:mlx5_6/1 none\n"
	  "rdma.partitions rdma:mlx5_7/1 none\n",
	  VERDICT_FAIL },
	{ "rdma.state rdma:mlx5_0/1 down\n"
	  "rdma.state rdma:mlx5_1/1 down\n"
	  "rdma.state rdma:mlx5_2/1 down\n"
	  "rdma.state rdma:mlx5_3/1 down\n"
	  "rdma.state rdma:mlx5_4/1 down\n"
	  "rdma.state rdma:mlx5_5/1 down\n"
	  "rdma.state rdma:mlx5_6/1 down\n"
	  "rdma.state rdma:mlx5_7/1 down\n",
	  VERDICT_UNKNOWN },
	{ "rdma.layer rdma:mlx5_0/1 ethernet\n"
	  "rdma.layer rdma:mlx5_1/1 ethernet\n"
	  "rdma.layer rdma:mlx5_2/1 ethernet\n"
	  "rdma.layer rdma:mlx5_3/1 ethernet\n"
	  "rdma.layer rdma:mlx5_4/1 ethernet\n"
	  "rdma.layer rdma:mlx5_5/1 ethernet\n"
	  "rdma.layer rdma:mlx5_6/1 ethernet\n"
	  "rdma.layer rdma:mlx5_7/1 ethernet\n",
	  VERDICT_NOT_APPLICABLE },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("infiniband-partitions", scene_h100, well, cases);
}

static void keys_are_those_of_the_golden_node(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well,
		   "rdma.partitions rdma:mlx5_0/1 0x7fff,0x8002\n"
		   "rdma.partitions rdma:mlx5_1/1 0x7fff,0x8002\n"
		   "rdma.partitions rdma:mlx5_2/1 0x7fff,0x8002\n"
		   "rdma.partitions rdma:mlx5_3/1 0x7fff,0x8002\n"
		   "rdma.partitions rdma:mlx5_4/1 0x7fff,0x8002\n"
		   "rdma.partitions rdma:mlx5_5/1 0x7fff,0x8002\n"
		   "rdma.partitions rdma:mlx5_6/1 0x7fff,0x8002\n"
		   "rdma.partitions rdma:mlx5_7/1 0x7fff,0x8002\n",
		   NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "infiniband-partitions"), VERDICT_FAIL);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "infiniband-partitions"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "infiniband-partitions"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(keys_are_those_of_the_golden_node),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
