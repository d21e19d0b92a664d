#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "cpu.online - 192\n"
			   "cpu.threads - 192\n"
			   "cpu.threading - on\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "cpu.online - 191\n", VERDICT_FAIL },
	{ "cpu.online - 96\n", VERDICT_FAIL },
	{ "cpu.online - 96\n"
	  "cpu.threading - off\n",
	  VERDICT_PASS },
	{ "cpu.online - 95\n"
	  "cpu.threading - off\n",
	  VERDICT_FAIL },
	{ "cpu.online - ? refused\n", VERDICT_UNKNOWN },
	{ "cpu.threads - -\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("cpu-online", scene_h100, well, cases);
}

static void fewer_than_on_the_golden_node_fail(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well,
		   "cpu.online - 96\n"
		   "cpu.threads - 96\n",
		   NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "cpu-online"), VERDICT_FAIL);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "cpu-online"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(fewer_than_on_the_golden_node_fail),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
