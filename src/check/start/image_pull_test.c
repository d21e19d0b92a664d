#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "test.start.kind start:x image-pull\n"
			   "test.start.kind start:other program-start\n"
			   "test.start.median start:other 900\ntest.start.median start:x "
			   "5\ntest.start.rate start:x 6e8\n";

static const struct verdict_case cases[] = {
	{ "well", "", VERDICT_PASS, "1 command" },
	{ "slow", "test.start.rate start:x 2e8\n", VERDICT_WARN, "ClusterMAX" },
	{ "too slow", "test.start.rate start:x 5e7\n", VERDICT_FAIL, "0.40 Gb/s, 2.95 Gb/s" },
	{ "failed", "test.start.median start:x ? exit status 1: no such image\n", VERDICT_UNKNOWN,
	  "no such image" },
	{ "of another kind", "test.start.kind start:x program-start\n", VERDICT_UNKNOWN,
	  "no command of the kind" },
	{ "no bytes", "test.start.rate start:x -\n", VERDICT_UNKNOWN, "how many bytes" },
	{ "a path that is faster", "test.start.path start:x 1.25e10\n", VERDICT_WARN,
	  "5 % of the 100.00 Gb/s" },
};

static void verdicts_follow_what_was_measured(void **state)
{
	(void)state;
	VERDICTS_HOLD("start-image-pull", well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "start-image-pull"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_measured),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
