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
	{ "rdma.pci rdma:mlx5_3 -\n", VERDICT_UNKNOWN },
	{ "rdma.pci rdma:mlx5_3 pci:0000:11:00.0\n", VERDICT_WARN },
	{ "rdma.state rdma:ibp33s0/1 active\n"
	  "rdma.layer rdma:ibp33s0/1 infiniband\n"
	  "rdma.model rdma:ibp33s0 MT4129\n"
	  "rdma.pci rdma:ibp33s0 pci:0000:21:00.0\n",
	  VERDICT_WARN },
	{ "rdma.state rdma:mlx5_0/1 -\n"
	  "rdma.state rdma:mlx5_1/1 -\n"
	  "rdma.state rdma:mlx5_2/1 -\n"
	  "rdma.state rdma:mlx5_3/1 -\n"
	  "rdma.state rdma:mlx5_4/1 -\n"
	  "rdma.state rdma:mlx5_5/1 -\n"
	  "rdma.state rdma:mlx5_6/1 -\n"
	  "rdma.state rdma:mlx5_7/1 -\n"
	  "rdma.state rdma:rocep24s0/1 active\n"
	  "rdma.pci rdma:rocep24s0 pci:0000:00:00.0\n"
	  "rdma.state rdma:rocep58s0f1/1 active\n"
	  "rdma.pci rdma:rocep58s0f1 pci:0000:10:00.0\n"
	  "rdma.state rdma:roceP1p75s0/1 active\n"
	  "rdma.pci rdma:roceP1p75s0 pci:0000:20:00.0\n",
	  VERDICT_PASS },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("adapter-names", scene_h100, well, cases);
}

static void a_name_stands_for_the_same_place_as_on_the_golden_node(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well, "rdma.pci rdma:mlx5_7 pci:0000:db:00.0\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "adapter-names"), VERDICT_FAIL);
}

static void names_as_on_the_golden_node_pass(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well, "", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "adapter-names"), VERDICT_PASS);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "adapter-names"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "adapter-names"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(a_name_stands_for_the_same_place_as_on_the_golden_node),
		cmocka_unit_test(names_as_on_the_golden_node_pass),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
