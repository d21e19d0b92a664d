#include "check/drift.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include <cmocka.h>

static const char golden_lines[] = "kernel - 6.8.0\n"
				   "memory.total - 1000\n"
				   "setting setting:env:NCCL_DEBUG INFO\n"
				   "setting setting:sysctl:x 1\n"
				   "rdma.firmware rdma:mlx5_0 28.1.1\n";

static void differences_come_in_the_order_of_measures(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);
	struct drift *drifts;

	(void)state;
	scene_make(&golden, golden_lines, NULL);
	scene_make(&scene, golden_lines, "memory.total - 980\n", "kernel - 6.9.0\n",
		   "setting setting:env:NCCL_DEBUG WARN\n", "rdma.firmware rdma:mlx5_0 -\n",
		   "rdma.firmware rdma:mlx5_1 28.1.1\n", NULL);
	assert_int_equal(
		drift_find(scene.input.machines, golden.input.machines, &scene.arena, &drifts), 4);
	assert_int_equal(drifts[0].measure, NODE_KERNEL);
	assert_null(drifts[0].device);
	assert_string_equal(drifts[0].was, "6.8.0");
	assert_string_equal(drifts[0].is, "6.9.0");
	assert_int_equal(drifts[1].measure, NODE_MEMORY_TOTAL);
	assert_string_equal(drifts[1].is, "980 B");
	assert_string_equal(drifts[2].device, "rdma:mlx5_0");
	assert_null(drifts[2].is);
	assert_string_equal(drifts[3].device, "rdma:mlx5_1");
	assert_null(drifts[3].was);
}

static void a_machine_does_not_differ_from_itself(void **state)
{
	SCOPED_SCENE(scene);
	struct drift *drifts;

	(void)state;
	scene_make(&scene, scene_h100, golden_lines, "memory.total - 995 @60\n", NULL);
	assert_int_equal(
		drift_find(scene.input.machines, scene.input.machines, &scene.arena, &drifts), 0);
	assert_true(drift_compared(scene.input.machines, scene.input.machines) > 5);
}

static void what_varies_has_no_kind(void **state)
{
	static const enum measure varying[] = {
		NODE_UPTIME,    NODE_GPU_TEMPERATURE, NODE_GPU_POWER,  NODE_GPU_SERIAL,
		NODE_GPU_UUID,  NODE_LOG_XID,         NODE_RDMA_LID,   NODE_MEMORY_AVAILABLE,
		NODE_GPU_CLOCK, NODE_PCI_SPEED,       NODE_RDMA_STATE, NODE_PROCESS_COUNT,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(varying) / sizeof(varying[0]); i++)
		assert_int_equal(drift_kind_of(varying[i]), DRIFT_NONE);
	for (unsigned i = 0; i < MEASURE_COUNT; i++)
		if (measures[i].kind == MEASURE_COUNTER || measures[i].kind == MEASURE_TEXT)
			assert_int_equal(drift_kind_of((enum measure)i), DRIFT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences_come_in_the_order_of_measures),
		cmocka_unit_test(a_machine_does_not_differ_from_itself),
		cmocka_unit_test(what_varies_has_no_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
