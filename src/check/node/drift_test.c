#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "kernel - 6.8.0\n"
			   "memory.total - 1000000000000\n"
			   "gpu.temperature gpu:0000:19:00.0 40\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_NOT_APPLICABLE },
};

static void without_a_golden_node_it_does_not_apply(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("node-drift", scene_h100, well, cases);
}

static void the_same_passes(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well,
		   "gpu.temperature gpu:0000:19:00.0 70\n"
		   "uptime - 5\n"
		   "gpu.serial gpu:0000:19:00.0 2\n",
		   NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "node-drift"), VERDICT_PASS);
}

static void another_kernel_is_a_warning(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well, "kernel - 6.9.0\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "node-drift"), VERDICT_WARN);
}

static void less_memory_fails(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well, "memory.total - 900000000000\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "node-drift"), VERDICT_FAIL);
}

static void a_part_that_is_gone_fails(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well, "gpu.name gpu:0000:3b:00.0 -\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "node-drift"), VERDICT_FAIL);
}

static void a_part_that_is_new_fails(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "gpu.name gpu:0000:3b:00.0 -\n", NULL);
	scene_make(&scene, scene_h100, well, "", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "node-drift"), VERDICT_FAIL);
}

static void what_is_unknown_is_no_difference(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well,
		   "gpu.name gpu:0000:3b:00.0 ? stalled\n"
		   "kernel - ? refused\n",
		   NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "node-drift"), VERDICT_PASS);
}

static void firmware_fails(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "gpu.vbios gpu:0000:3b:00.0 1\n", NULL);
	scene_make(&scene, scene_h100, well, "gpu.vbios gpu:0000:3b:00.0 2\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "node-drift"), VERDICT_FAIL);
}

static void a_golden_node_without_anything_is_unknown(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, "uptime - 5\n", NULL);
	scene_make(&scene, scene_h100, well, NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_verdict(&scene, "node-drift", NULL), VERDICT_UNKNOWN);
}

static void of_many_differences_the_rest_is_a_number(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);
	const struct findings *found;

	(void)state;
	scene_make(&golden, scene_h100, "kernel - 6.8.0\n",
		   "module module:m0 loaded\n"
		   "module module:m1 loaded\n"
		   "module module:m2 loaded\n"
		   "module module:m3 loaded\n"
		   "module module:m4 loaded\n"
		   "module module:m5 loaded\n"
		   "module module:m6 loaded\n"
		   "module module:m7 loaded\n"
		   "module module:m8 loaded\n"
		   "module module:m9 loaded\n"
		   "module module:m10 loaded\n"
		   "module module:m11 loaded\n"
		   "module module:m12 loaded\n"
		   "module module:m13 loaded\n"
		   "module module:m14 loaded\n"
		   "module module:m15 loaded\n"
		   "module module:m16 loaded\n"
		   "module module:m17 loaded\n"
		   "module module:m18 loaded\n"
		   "module module:m19 loaded\n"
		   "module module:m20 loaded\n"
		   "module module:m21 loaded\n"
		   "module module:m22 loaded\n"
		   "module module:m23 loaded\n"
		   "module module:m24 loaded\n"
		   "module module:m25 loaded\n"
		   "module module:m26 loaded\n"
		   "module module:m27 loaded\n"
		   "module module:m28 loaded\n"
		   "module module:m29 loaded\n"
		   "module module:m30 loaded\n"
		   "module module:m31 loaded\n"
		   "module module:m32 loaded\n"
		   "module module:m33 loaded\n"
		   "module module:m34 loaded\n"
		   "module module:m35 loaded\n"
		   "module module:m36 loaded\n"
		   "module module:m37 loaded\n"
		   "module module:m38 loaded\n"
		   "module module:m39 loaded\n"
		   "module module:m40 loaded\n"
		   "module module:m41 loaded\n"
		   "module module:m42 loaded\n"
		   "module module:m43 loaded\n"
		   "module module:m44 loaded\n",
		   NULL);
	scene_make(&scene, scene_h100, "kernel - 6.9.0\n", "module module:m0 loaded\n", NULL);
	scene.input.golden = golden.input.machines;
	found = scene_judge(&scene, "node-drift");
	assert_int_equal(found->count, 41);
	assert_non_null(strstr(found->items[40].text, "5 further differences"));
	assert_int_equal(found->items[40].verdict, VERDICT_WARN);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "node-drift"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_golden_node_it_does_not_apply),
		cmocka_unit_test(the_same_passes),
		cmocka_unit_test(another_kernel_is_a_warning),
		cmocka_unit_test(less_memory_fails),
		cmocka_unit_test(a_part_that_is_gone_fails),
		cmocka_unit_test(a_part_that_is_new_fails),
		cmocka_unit_test(what_is_unknown_is_no_difference),
		cmocka_unit_test(firmware_fails),
		cmocka_unit_test(a_golden_node_without_anything_is_unknown),
		cmocka_unit_test(of_many_differences_the_rest_is_a_number),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
