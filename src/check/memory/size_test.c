#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "memory.total - 2164663517184\n"
			   "numa.memory numa:0 1082331758592\n"
			   "numa.memory numa:1 1082331758592\n"
			   "numa.threads numa:0 96\n"
			   "numa.threads numa:1 96\n"
			   "numa.memory numa:2 102005473280\n"
			   "numa.threads numa:2 0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "numa.memory numa:0 1060685123420\n", VERDICT_PASS },
	{ "numa.memory numa:0 947040288768\n", VERDICT_FAIL },
	{ "numa.memory numa:0 947040288768\n"
	  "virtual - kvm\n",
	  VERDICT_WARN },
	{ "numa.memory numa:0 -\n"
	  "numa.memory numa:1 -\n",
	  VERDICT_PASS },
	{ "memory.total - ? refused\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("memory-size", scene_h100, well, cases);
}

static void less_than_on_the_golden_node_fails(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well, "memory.total - 2030043136000\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "memory-size"), VERDICT_FAIL);
}

static void a_little_less_is_the_kernels(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well, "memory.total - 2150000000000\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "memory-size"), VERDICT_PASS);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "memory-size"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(less_than_on_the_golden_node_fails),
		cmocka_unit_test(a_little_less_is_the_kernels),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
