#include "check/claim/measured.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/scene.h"
#include <cmocka.h>

static struct claim claim_of(enum claim_kind kind, double value)
{
	return (struct claim){ .kind = kind, .value = value, .source = "s" };
}

static struct delivered look(struct scene *scene, const struct claim *claim)
{
	struct delivered delivered;

	claim_find_delivered(scene->input.machines, claim, &scene->arena, &delivered);
	return delivered;
}

static void what_is_measured_comes_before_what_is_said(void **state)
{
	const struct claim claim = claim_of(CLAIM_GPU_MEMORY, 80);
	struct delivered delivered;
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, "gpu.memory.total gpu:0000:19:00.0 85000000000\n", NULL);
	delivered = look(&scene, &claim);
	assert_true(delivered.is_known && !delivered.is_bound);
	assert_int_equal(delivered.confidence, CONFIDENCE_MEDIUM);
	assert_true(fabs(delivered.value - 85) < 1e-9);
	scene_make(&scene, scene_h100, "gpu.memory.total gpu:0000:19:00.0 85000000000\n",
		   "test.gpu.memory.resident gpu:0000:19:00.0 40000000000\n", NULL);
	delivered = look(&scene, &claim);
	assert_true(fabs(delivered.value - 40) < 1e-9);
	assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_FAIL);
}

/* The least of several is a bound when one of them does not tell. */
static void a_silent_gpu_is_no_pass(void **state)
{
	const struct claim claim = claim_of(CLAIM_GPU_POWER, 700);
	struct delivered delivered;
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, "gpu.power.limit gpu:0000:19:00.0 700\n",
		   "gpu.power.limit gpu:0000:3b:00.0 ? stalled\n", NULL);
	delivered = look(&scene, &claim);
	assert_true(delivered.is_bound);
	assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, "gpu.power.limit gpu:0000:19:00.0 500\n",
		   "gpu.power.limit gpu:0000:3b:00.0 ? stalled\n", NULL);
	delivered = look(&scene, &claim);
	assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_FAIL);
}

/* What a power profile promises to save is seen under load, and one silent GPU may draw more. */
static void a_promised_draw_is_held_against_the_burn_in(void **state)
{
	const struct claim claim = claim_of(CLAIM_GPU_DRAW, 600);
	struct delivered delivered;
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, "test.burn.power gpu:0000:19:00.0 610\n",
		   "test.burn.power gpu:0000:3b:00.0 595\n", NULL);
	delivered = look(&scene, &claim);
	assert_true(fabs(delivered.value - 610) < 1e-9);
	assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_PASS);
	scene_make(&scene, scene_h100, "test.burn.power gpu:0000:19:00.0 690\n",
		   "test.burn.power gpu:0000:3b:00.0 595\n", NULL);
	delivered = look(&scene, &claim);
	assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_FAIL);
	scene_make(&scene, scene_h100, "test.burn.power gpu:0000:19:00.0 595\n",
		   "test.burn.power gpu:0000:3b:00.0 ? no sample\n", NULL);
	delivered = look(&scene, &claim);
	assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_UNKNOWN);
}

static void rails_are_summed_one_way_without_the_front_end(void **state)
{
	const struct claim claim = claim_of(CLAIM_NODE_BANDWIDTH, 800);
	struct delivered delivered;
	enum measure measure;
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100,
		   "rdma.rate rdma:mlx5_0/1 400\nrdma.rate rdma:mlx5_1/1 400\n"
		   "rdma.rate rdma:mlx5_2/1 100\n",
		   NULL);
	delivered = look(&scene, &claim);
	assert_true(delivered.is_bound && fabs(delivered.value - 800) < 1e-9);
	if (!measure_find("node.test.rdma.bandwidth", &measure))
		return;
	scene_make(&scene, scene_h100,
		   "rdma.rate rdma:mlx5_0/1 400\nrdma.rate rdma:mlx5_1/1 400\n"
		   "rdma.rate rdma:mlx5_2/1 100\n"
		   "test.rdma.bandwidth rdma:mlx5_0/1/write:65536 48000000000\n"
		   "test.rdma.bandwidth rdma:mlx5_0/1/write:8 1000000\n"
		   "test.rdma.bandwidth rdma:mlx5_1/1/write:65536 24000000000\n",
		   NULL);
	delivered = look(&scene, &claim);
	assert_false(delivered.is_bound);
	assert_true(fabs(delivered.value - 576) < 1e-6);
	assert_non_null(strstr(delivered.how, "the slowest 192 Gb/s"));
}

static void the_interval_decides_with(void **state)
{
	const struct claim claim = claim_of(CLAIM_START_TIME, 100);
	struct delivered delivered = { .is_known = true, .value = 104, .low = 104, .high = 104 };

	(void)state;
	assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_PASS);
	delivered.high = 120;
	assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_WARN);
	delivered.low = 110;
	assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_FAIL);
	delivered.is_known = false;
	assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_UNKNOWN);
}

/* The width that the test told makes the figure one to rely on, whatever its measure is called. */
static void what_has_an_interval_is_of_high_confidence(void **state)
{
	static const char speed[] =
		"test.gpu.memory.bandwidth gpu:0000:19:00.0/copy 3000000000000\n";
	const struct claim claim = claim_of(CLAIM_GPU_BANDWIDTH, 3000);
	struct delivered delivered;
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, speed, NULL);
	assert_int_equal(look(&scene, &claim).confidence, CONFIDENCE_MEDIUM);
	scene_make(&scene, scene_h100, speed, "test.gpu.spread gpu:0000:19:00.0/copy 2\n", NULL);
	delivered = look(&scene, &claim);
	assert_int_equal(delivered.confidence, CONFIDENCE_HIGH);
	assert_true(fabs(delivered.low - 2970) < 1e-6 && fabs(delivered.high - 3030) < 1e-6);
}

static void the_start_counts_from_the_creation(void **state)
{
	const struct claim claim = claim_of(CLAIM_START_TIME, 60);
	struct delivered delivered;
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, "test.start.boot boot:kernel 30\n", NULL);
	assert_false(look(&scene, &claim).is_known);
	scene_make(&scene, scene_h100, "test.start.boot boot:instance 90\n", NULL);
	delivered = look(&scene, &claim);
	assert_true(delivered.is_known && fabs(delivered.value - 90) < 1e-9);
	assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_FAIL);
}

static void every_kind_is_unknown_on_an_empty_machine(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, "architecture - x86_64\n", NULL);
	for (unsigned kind = 0; kind < CLAIM_KIND_COUNT; kind++) {
		const struct claim claim = claim_of((enum claim_kind)kind, 1);
		struct delivered delivered = look(&scene, &claim);

		assert_false(delivered.is_known);
		assert_non_null(delivered.why_not);
		assert_int_equal(claim_verdict(&claim, &delivered), VERDICT_UNKNOWN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_measured_comes_before_what_is_said),
		cmocka_unit_test(a_silent_gpu_is_no_pass),
		cmocka_unit_test(a_promised_draw_is_held_against_the_burn_in),
		cmocka_unit_test(rails_are_summed_one_way_without_the_front_end),
		cmocka_unit_test(the_interval_decides_with),
		cmocka_unit_test(what_has_an_interval_is_of_high_confidence),
		cmocka_unit_test(the_start_counts_from_the_creation),
		cmocka_unit_test(every_kind_is_unknown_on_an_empty_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
