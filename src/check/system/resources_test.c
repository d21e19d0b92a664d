#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "log.lines - 900\n"
			   "log.from - 0\n"
			   "files.open - 10\n"
			   "files.limit - 1000\n"
			   "process.count - 10\n"
			   "process.limit - 1000\n"
			   "process.zombies - 0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "files.open - 799\n", VERDICT_PASS },
	{ "files.open - 800\n", VERDICT_WARN },
	{ "files.open - 949\n", VERDICT_WARN },
	{ "files.open - 950\n", VERDICT_FAIL },
	{ "files.open - ? refused\n", VERDICT_UNKNOWN },
	{ "files.limit - 0\n", VERDICT_UNKNOWN },
	{ "process.count - 800\n", VERDICT_WARN },
	{ "process.count - 950\n", VERDICT_FAIL },
	{ "process.limit - -\n", VERDICT_UNKNOWN },
	{ "process.zombies - 1000\n", VERDICT_PASS },
	{ "process.zombies - 1001\n", VERDICT_WARN },
	{ "process.zombies - 2000\n", VERDICT_WARN },
	{ "process.zombies - 2001\n", VERDICT_FAIL },
	{ "log.out-of-memory - Out of memory: Killed process 77 (python3)\n", VERDICT_WARN },
	{ "log.out-of-memory - ? no permission\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("system-resources", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "system-resources"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
