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
	{ "rdma.state rdma:mlx5_3/1 down\n", VERDICT_FAIL },
	{ "rdma.state rdma:mlx5_3/1 init\n", VERDICT_FAIL },
	{ "rdma.state rdma:mlx5_3/1 ? cannot read\n", VERDICT_UNKNOWN },
	{ "rdma.physical rdma:mlx5_3/1 errorrecovery\n", VERDICT_FAIL },
	{ "rdma.physical rdma:mlx5_3/1 -\n", VERDICT_UNKNOWN },
	{ "rdma.rate rdma:mlx5_3/1 200\n", VERDICT_FAIL },
	{ "rdma.rate rdma:mlx5_3/1 392.5\n", VERDICT_PASS },
	{ "rdma.rate rdma:mlx5_3/1 -\n", VERDICT_UNKNOWN },
	{ "rdma.lid rdma:mlx5_3/1 0\n", VERDICT_FAIL },
	{ "rdma.lid rdma:mlx5_3/1 -\n", VERDICT_PASS },
	{ "rdma.state rdma:mlx5_3/1 -\n", VERDICT_FAIL },
	{ "rdma.state rdma:mlx5_0/1 down\n"
	  "rdma.state rdma:mlx5_1/1 down\n"
	  "rdma.state rdma:mlx5_2/1 down\n"
	  "rdma.state rdma:mlx5_3/1 down\n",
	  VERDICT_FAIL },
	{ "rdma.state rdma:mlx5_0/1 down\n"
	  "rdma.state rdma:mlx5_1/1 down\n"
	  "rdma.state rdma:mlx5_2/1 down\n"
	  "rdma.state rdma:mlx5_3/1 down\n"
	  "virtual - kvm\n",
	  VERDICT_WARN },
	{ "rdma.state - ? more than is looked at\n", VERDICT_UNKNOWN },
	{ "rdma.state rdma:mlx5_9 ? no ports\n", VERDICT_UNKNOWN },
	{ "rdma.rate rdma:mlx5_0/1 200\n"
	  "rdma.rate rdma:mlx5_1/1 200\n"
	  "rdma.rate rdma:mlx5_2/1 200\n"
	  "rdma.rate rdma:mlx5_3/1 200\n"
	  "rdma.rate rdma:mlx5_4/1 200\n"
	  "rdma.rate rdma:mlx5_5/1 200\n"
	  "rdma.rate rdma:mlx5_6/1 200\n"
	  "rdma.rate rdma:mlx5_7/1 200\n"
	  "rdma.state rdma:mlx5_8/1 active\n"
	  "rdma.physical rdma:mlx5_8/1 linkup\n"
	  "rdma.layer rdma:mlx5_8/1 infiniband\n"
	  "rdma.model rdma:mlx5_8 MT4129\n"
	  "rdma.rate rdma:mlx5_8/1 200\n"
	  "rdma.state rdma:mlx5_9/1 active\n"
	  "rdma.physical rdma:mlx5_9/1 linkup\n"
	  "rdma.layer rdma:mlx5_9/1 infiniband\n"
	  "rdma.model rdma:mlx5_9 MT4129\n"
	  "rdma.rate rdma:mlx5_9/1 200\n"
	  "rdma.state rdma:mlx5_10/1 active\n"
	  "rdma.physical rdma:mlx5_10/1 linkup\n"
	  "rdma.layer rdma:mlx5_10/1 infiniband\n"
	  "rdma.model rdma:mlx5_10 MT4129\n"
	  "rdma.rate rdma:mlx5_10/1 200\n"
	  "rdma.state rdma:mlx5_11/1 active\n"
	  "rdma.physical rdma:mlx5_11/1 linkup\n"
	  "rdma.layer rdma:mlx5_11/1 infiniband\n"
	  "rdma.model rdma:mlx5_11 MT4129\n"
	  "rdma.rate rdma:mlx5_11/1 200\n"
	  "rdma.state rdma:mlx5_12/1 active\n"
	  "rdma.physical rdma:mlx5_12/1 linkup\n"
	  "rdma.layer rdma:mlx5_12/1 infiniband\n"
	  "rdma.model rdma:mlx5_12 MT4129\n"
	  "rdma.rate rdma:mlx5_12/1 200\n"
	  "rdma.state rdma:mlx5_13/1 active\n"
	  "rdma.physical rdma:mlx5_13/1 linkup\n"
	  "rdma.layer rdma:mlx5_13/1 infiniband\n"
	  "rdma.model rdma:mlx5_13 MT4129\n"
	  "rdma.rate rdma:mlx5_13/1 200\n"
	  "rdma.state rdma:mlx5_14/1 active\n"
	  "rdma.physical rdma:mlx5_14/1 linkup\n"
	  "rdma.layer rdma:mlx5_14/1 infiniband\n"
	  "rdma.model rdma:mlx5_14 MT4129\n"
	  "rdma.rate rdma:mlx5_14/1 200\n"
	  "rdma.state rdma:mlx5_15/1 active\n"
	  "rdma.physical rdma:mlx5_15/1 linkup\n"
	  "rdma.layer rdma:mlx5_15/1 infiniband\n"
	  "rdma.model rdma:mlx5_15 MT4129\n"
	  "rdma.rate rdma:mlx5_15/1 200\n",
	  VERDICT_PASS },
	{ "rdma.rate rdma:mlx5_0/1 200\n"
	  "rdma.rate rdma:mlx5_1/1 200\n"
	  "rdma.rate rdma:mlx5_2/1 200\n"
	  "rdma.rate rdma:mlx5_3/1 200\n"
	  "rdma.rate rdma:mlx5_4/1 200\n"
	  "rdma.rate rdma:mlx5_5/1 200\n"
	  "rdma.rate rdma:mlx5_6/1 200\n"
	  "rdma.rate rdma:mlx5_7/1 200\n",
	  VERDICT_FAIL },
	{ "rdma.state rdma:mlx5_8/1 down\n"
	  "rdma.layer rdma:mlx5_8/1 ethernet\n"
	  "rdma.model rdma:mlx5_8 MT41692\n",
	  VERDICT_PASS },
	{ "rdma.state rdma:mlx5_9/1 down\n"
	  "rdma.layer rdma:mlx5_9/1 infiniband\n"
	  "rdma.model rdma:mlx5_9 MT4129\n"
	  "rdma.function rdma:mlx5_9 virtual\n",
	  VERDICT_PASS },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("rdma-ports", scene_h100, well, cases);
}

static void a_port_that_the_golden_node_does_not_use_may_be_down(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "rdma.state rdma:mlx5_3/1 down\n", NULL);
	scene_make(&scene, scene_h100, well, "rdma.state rdma:mlx5_3/1 down\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "rdma-ports"), VERDICT_PASS);
}

static void a_port_that_is_up_on_the_golden_node_is_missed(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well, "rdma.state rdma:mlx5_3/1 down\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "rdma-ports"), VERDICT_FAIL);
}

static void a_rate_below_the_golden_node_fails(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well, "rdma.rate rdma:mlx5_3/1 200\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "rdma-ports"), VERDICT_FAIL);
}

static void slower_ports_are_well_where_the_golden_node_has_them(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "rdma.rate rdma:mlx5_3/1 200\n", NULL);
	scene_make(&scene, scene_h100, well, "rdma.rate rdma:mlx5_3/1 200\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "rdma-ports"), VERDICT_PASS);
}

static void a_port_that_is_gone_fails(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well, "rdma.state rdma:mlx5_3/1 -\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "rdma-ports"), VERDICT_FAIL);
}

static void a_new_port_that_is_down_is_no_loss(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "rdma.state rdma:mlx5_3/1 -\n", NULL);
	scene_make(&scene, scene_h100, well, "rdma.state rdma:mlx5_3/1 down\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "rdma-ports"), VERDICT_WARN);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "rdma-ports"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "rdma-ports"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(a_port_that_the_golden_node_does_not_use_may_be_down),
		cmocka_unit_test(a_port_that_is_up_on_the_golden_node_is_missed),
		cmocka_unit_test(a_rate_below_the_golden_node_fails),
		cmocka_unit_test(slower_ports_are_well_where_the_golden_node_has_them),
		cmocka_unit_test(a_port_that_is_gone_fails),
		cmocka_unit_test(a_new_port_that_is_down_is_no_loss),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
