#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include <cmocka.h>

static const char well[] = "test.corruption.rounds gpu:0000:19:00.0/path:memory 50\n"
			   "test.corruption.mismatches gpu:0000:19:00.0/path:memory 0\n"
			   "test.corruption.rounds gpu:0000:19:00.0/path:from-host 50\n"
			   "test.corruption.mismatches gpu:0000:19:00.0/path:from-host 0\n";

static void a_path_that_changes_a_bit_fails(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ "test.corruption.mismatches gpu:0000:19:00.0/path:from-host 1\n", VERDICT_FAIL },
		{ "test.corruption.rounds gpu:0000:19:00.0/path:from-host 2\n", VERDICT_UNKNOWN },
		{ "test.corruption.mismatches gpu:0000:19:00.0/path:from-host ? "
		  "cuMemcpyHtoDAsync_v2: no answer in time\n",
		  VERDICT_UNKNOWN },
		{ "test.corruption.paths gpu:0000:19:00.0 3\n", VERDICT_PASS },
		{ "test.corruption.paths gpu:0000:19:00.0 ? cuLaunchKernel: no answer in time\n",
		  VERDICT_UNKNOWN },
		/* What another test of the GPU could not do is not about its paths. */
		{ "test.corruption.mismatches gpu:0000:19:00.0 ? cuLaunchKernel: no answer in "
		  "time\n",
		  VERDICT_PASS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "corruption-paths") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "corruption-paths"), VERDICT_UNKNOWN);
	/* What others of the group have seen is not about this. */
	scene_make(&scene, scene_h100,
		   "test.corruption.rounds gpu:0000:19:00.0 9\n"
		   "test.corruption.mismatches gpu:0000:19:00.0 0\n",
		   NULL);
	assert_int_equal(scene_worst(&scene, "corruption-paths"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_that_changes_a_bit_fails),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
