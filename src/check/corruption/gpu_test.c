#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include <cmocka.h>

static const char well[] = "test.corruption.units test:corruption-gpu 264\n"
			   "test.corruption.rounds gpu:0000:19:00.0 50\n"
			   "test.corruption.rounds gpu:0000:3b:00.0 50\n"
			   "test.corruption.mismatches gpu:0000:19:00.0 0\n"
			   "test.corruption.mismatches gpu:0000:3b:00.0 0\n";

static void a_multiprocessor_that_differs_fails(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ "test.corruption.mismatches gpu:0000:19:00.0 3\n"
		  "test.corruption.mismatches gpu:0000:19:00.0/sm:17/mma-bf16 3\n"
		  "test.corruption.lanes gpu:0000:19:00.0/sm:17/mma-bf16 4\n"
		  "test.corruption.points gpu:0000:19:00.0/sm:17/mma-bf16 all+bursts\n"
		  "test.corruption.repeats gpu:0000:19:00.0/sm:17/mma-bf16 persistent\n",
		  VERDICT_FAIL },
		{ "test.corruption.mismatches gpu:0000:19:00.0 ? cuLaunchKernel: no answer in "
		  "time\n",
		  VERDICT_UNKNOWN },
		/* What the test of paths could not do is not about arithmetic. */
		{ "test.corruption.paths gpu:0000:19:00.0 ? cuLaunchKernel: no answer in time\n",
		  VERDICT_PASS },
		{ "test.corruption.rounds gpu:0000:19:00.0 1\n", VERDICT_UNKNOWN },
		{ "test.corruption.units test:corruption-gpu 2\n", VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "corruption-gpu") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "corruption-gpu"), VERDICT_UNKNOWN);
	/* What others of the group have seen is not about this. */
	scene_make(&scene, scene_h100,
		   "test.corruption.rounds gpu:0000:19:00.0/path:host-to-gpu 9\n"
		   "test.corruption.mismatches gpu:0000:19:00.0/path:host-to-gpu 0\n",
		   NULL);
	assert_int_equal(scene_worst(&scene, "corruption-gpu"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_multiprocessor_that_differs_fails),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
