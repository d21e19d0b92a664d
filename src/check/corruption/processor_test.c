#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include <cmocka.h>

static const char well[] = "test.corruption.units test:corruption-cpu 4\n"
			   "test.corruption.known test:corruption-cpu agrees\n"
			   "test.corruption.rounds cpu:0 50\n"
			   "test.corruption.rounds cpu:1 50\n"
			   "test.corruption.rounds cpu:2 50\n"
			   "test.corruption.rounds cpu:3 50\n"
			   "test.corruption.mismatches cpu:0 0\n"
			   "test.corruption.mismatches cpu:1 0\n"
			   "test.corruption.mismatches cpu:2 0\n"
			   "test.corruption.mismatches cpu:3 0\n";

static void a_thread_that_differs_fails(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ "test.corruption.mismatches cpu:2 1\n"
		  "test.corruption.mismatches cpu:2/fma64 1\n"
		  "test.corruption.lanes cpu:2/fma64 3+5\n"
		  "test.corruption.points cpu:2/fma64 all\n"
		  "test.corruption.repeats cpu:2/fma64 transient\n",
		  VERDICT_FAIL },
		{ "test.corruption.mismatches cpu:2 1\n"
		  "test.corruption.mismatches cpu:2/fma64 1\n",
		  VERDICT_FAIL },
		{ "test.corruption.mismatches cpu:2 ? the process ended, signal 11\n",
		  VERDICT_UNKNOWN },
		{ "test.corruption.mismatches test:corruption-cpu/bits ? 1 of 9 votes had no "
		  "majority\n",
		  VERDICT_UNKNOWN },
		{ "test.corruption.rounds cpu:3 2\n", VERDICT_UNKNOWN },
		{ "test.corruption.rounds cpu:3 0\n"
		  "test.corruption.mismatches cpu:3 -\n",
		  VERDICT_UNKNOWN },
		{ "test.corruption.known test:corruption-cpu differs\n", VERDICT_UNKNOWN },
		{ "test.corruption.units test:corruption-cpu 2\n"
		  "test.corruption.known test:corruption-cpu -\n",
		  VERDICT_UNKNOWN },
		{ "test.corruption.units test:corruption-cpu 2\n", VERDICT_PASS },
		{ "test.corruption.units test:corruption-cpu -\n", VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_bare, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "corruption-processor") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "corruption-processor"), VERDICT_UNKNOWN);
	/* What others of the group have seen is not about this. */
	scene_make(&scene, scene_bare,
		   "test.corruption.rounds gpu:0000:19:00.0 9\n"
		   "test.corruption.mismatches gpu:0000:19:00.0 0\n",
		   NULL);
	assert_int_equal(scene_worst(&scene, "corruption-processor"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thread_that_differs_fails),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
