#include "check/cohort.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	PEERS = 6,
};

struct crowd {
	struct scene scenes[PEERS];
	struct machine machines[PEERS];
};

/* Peers whose third GPU draws 100, 101, 102 … W. */
static void gather(struct crowd *crowd, const char *driver)
{
	for (unsigned i = 0; i < PEERS; i++) {
		SCOPED_TEXT(lines);

		text_format(&lines,
			    "nvidia.driver - %s\n"
			    "gpu.power gpu:0000:19:00.0 7\ngpu.power gpu:0000:3b:00.0 7\n"
			    "gpu.power gpu:0000:4c:00.0 %u\n",
			    driver, 100 + i);
		scene_make(&crowd->scenes[i], scene_h100, text_string(&lines), NULL);
		crowd->machines[i] = crowd->scenes[i].input.machines[0];
		crowd->machines[i].name = arena_format(&crowd->scenes[i].arena, "peer-%u", i);
		/* The shape is told by the tables, which are the same for all in a real run. */
		crowd->machines[i].shape = NULL;
	}
}

static void disperse(struct crowd *crowd)
{
	for (unsigned i = 0; i < PEERS; i++)
		scene_release(&crowd->scenes[i]);
}

static void devices_compare_without_their_addresses(void **state)
{
	static const char *const cases[][2] = {
		{ "gpu:0000:19:00.0", "gpu:~" },
		{ "gpu:0000:19:00.0/bf16:8192x8192x8192", "gpu:~/bf16:8192x8192x8192" },
		{ "gpu:0000:19:00.0/to:0000:3b:00.0", "gpu:~/to:~" },
		{ "rdma:mlx5_0/1/write:65536", "rdma:~/1/write:65536" },
		{ "numa:0/triad", "numa:~/triad" },
		{ "storage:read.direct.c8:/scratch/a", "storage:read.direct.c8:/scratch/a" },
		{ "test:gemm", "test:gemm" },
		{ "odd", "odd" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(device_role(cases[i][0], &arena), cases[i][1]);
}

static void the_same_place_on_each_node_counts(void **state)
{
	struct crowd crowd = { 0 };
	struct cohort_figure figure;
	SCOPED_SCENE(scene);

	(void)state;
	gather(&crowd, "570.1");
	scene_make(&scene, scene_h100, "nvidia.driver - 570.1\n",
		   "cpu.model - X\ngpu.power gpu:0000:01:00.0 7\n"
		   "gpu.power gpu:0000:02:00.0 7\ngpu.power gpu:0000:4c:00.0 95\n",
		   NULL);
	scene.input.machine = &crowd.machines[0];
	scene.input.cohort = &crowd.machines[1];
	scene.input.cohort_count = PEERS - 1;
	for (unsigned i = 0; i < PEERS; i++)
		crowd.machines[i].shape = (const struct shape_row *)&crowd;
	figure = cohort_find(&scene.input, NODE_GPU_POWER, "gpu:0000:4c:00.0", &scene.arena);
	assert_int_equal(figure.nodes, PEERS - 1);
	assert_true(fabs(figure.median - 103) < 1e-9);
	assert_true(fabs(figure.deviation - 1.4826) < 1e-9);
	disperse(&crowd);
}

static void strangers_and_oneself_teach_nothing(void **state)
{
	struct crowd crowd = { 0 }, strange = { 0 };

	(void)state;
	gather(&crowd, "570.1");
	gather(&strange, "580.1");
	for (unsigned i = 0; i < PEERS; i++) {
		crowd.machines[i].shape = (const struct shape_row *)&crowd;
		strange.machines[i].shape = (const struct shape_row *)&crowd;
	}
	assert_true(cohort_is_like(&crowd.machines[0], &crowd.machines[1]));
	assert_false(cohort_is_like(&crowd.machines[0], &crowd.machines[0]));
	assert_false(cohort_is_like(&crowd.machines[0], &strange.machines[1]));
	strange.machines[1].shape = NULL;
	assert_false(cohort_is_like(&crowd.machines[0], &strange.machines[1]));
	disperse(&crowd);
	disperse(&strange);
}

static void fewer_nodes_need_a_wider_margin(void **state)
{
	(void)state;
	assert_true(isinf(cohort_width(4)));
	for (size_t nodes = 6; nodes < 200; nodes++)
		assert_true(cohort_width(nodes) <= cohort_width(nodes - 1));
	/* Never below that of a normal distribution that is fully known. */
	assert_true(cohort_width(100000) > 2.326);
}

static void a_broken_node_teaches_nothing(void **state)
{
	SCOPED_SCENE(good);
	SCOPED_SCENE(bad);
	struct machine machines[2];
	const struct machine *cohort;
	size_t refused;

	(void)state;
	scene_make(&good, scene_h100, NULL);
	scene_make(&bad, scene_h100, "gpu.recovery gpu:0000:19:00.0 reset-gpu\n", NULL);
	machines[0] = good.input.machines[0];
	machines[1] = bad.input.machines[0];
	assert_int_equal(cohort_choose(&good.input, machines, 2, &good.arena, &cohort, &refused),
			 1);
	assert_int_equal(refused, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_compare_without_their_addresses),
		cmocka_unit_test(the_same_place_on_each_node_counts),
		cmocka_unit_test(strangers_and_oneself_teach_nothing),
		cmocka_unit_test(fewer_nodes_need_a_wider_margin),
		cmocka_unit_test(a_broken_node_teaches_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
