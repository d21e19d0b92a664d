#include "check/gpu/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include <cmocka.h>

static void walk_over(struct scene *scene, struct gpu_walk *walk, const char *vendor)
{
	scene->found = (struct findings){ .arena = &scene->arena };
	scene->input.machine = &scene->input.machines[0];
	gpu_walk_start(walk, &scene->input, &scene->found, vendor);
}

static void the_well_make_one_pass(void **state)
{
	SCOPED_SCENE(scene);
	struct gpu_walk walk;
	const char *gpu;

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	walk_over(&scene, &walk, "nvidia");
	while ((gpu = gpu_walk_next(&walk)))
		gpu_walk_well(&walk, machine_find(walk.machine, NODE_GPU_ANSWERS, gpu));
	gpu_walk_end(&walk, "fine");
	assert_int_equal(scene.found.count, 1);
	assert_int_equal(scene_finding(&scene, NULL)->verdict, VERDICT_PASS);
	assert_string_equal(scene_finding(&scene, NULL)->text, "8 GPUs: fine");
	assert_int_equal(scene_finding(&scene, NULL)->strength, STRENGTH_E1);
	assert_non_null(scene_finding(&scene, NULL)->evidence[3]);
}

static void one_that_is_not_well_keeps_the_pass_back(void **state)
{
	SCOPED_SCENE(scene);
	struct gpu_walk walk;

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	walk_over(&scene, &walk, NULL);
	gpu_walk_well(&walk, NULL);
	gpu_walk_say(&walk, VERDICT_WARN, gpu_walk_next(&walk), NULL, "is %s", "warm");
	gpu_walk_end(&walk, "fine");
	assert_int_equal(scene.found.count, 1);
	assert_string_equal(scene_finding(&scene, "gpu:0000:19:00.0")->text,
			    "GPU 0 (0000:19:00.0): is warm");
}

static void no_gpu_is_unknown(void **state)
{
	SCOPED_SCENE(scene);
	struct gpu_walk walk;

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	walk_over(&scene, &walk, "amd");
	assert_null(gpu_walk_next(&walk));
	gpu_walk_end(&walk, "fine");
	assert_int_equal(scene.found.count, 1);
	assert_int_equal(scene_finding(&scene, NULL)->verdict, VERDICT_UNKNOWN);
}

static void what_is_needed_and_not_there_is_unknown(void **state)
{
	SCOPED_SCENE(scene);
	struct gpu_walk walk;

	(void)state;
	scene_make(&scene, scene_h100, "gpu.power gpu:0000:19:00.0 ? it stalled\n", NULL);
	walk_over(&scene, &walk, NULL);
	assert_non_null(gpu_walk_need(&walk, NODE_GPU_NAME, "gpu:0000:19:00.0"));
	assert_null(gpu_walk_need(&walk, NODE_GPU_POWER, "gpu:0000:19:00.0"));
	assert_null(gpu_walk_need(&walk, NODE_GPU_POWER, "gpu:0000:3b:00.0"));
	assert_int_equal(scene.found.count, 2);
	assert_string_equal(scene_finding(&scene, "gpu:0000:19:00.0")->text,
			    "GPU 0 (0000:19:00.0): power drawn is not known: it stalled");
}

static void a_word_is_found_whole(void **state)
{
	(void)state;
	assert_true(state_has("idle+hw-thermal", "hw-thermal"));
	assert_true(state_has("hw-thermal", "hw-thermal"));
	assert_false(state_has("sw-thermal", "thermal"));
	assert_false(state_has("", "idle"));
	assert_false(state_has(NULL, "idle"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_well_make_one_pass),
		cmocka_unit_test(one_that_is_not_well_keeps_the_pass_back),
		cmocka_unit_test(no_gpu_is_unknown),
		cmocka_unit_test(what_is_needed_and_not_there_is_unknown),
		cmocka_unit_test(a_word_is_found_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
