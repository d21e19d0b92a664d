#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "test.storage.direct storage:direct:/s taken\n"
			   "test.storage.latency.p99 storage:sequential-read.direct.c8:/s 0.01\n"
			   "test.storage.latency.p99 storage:sequential-read.buffered.c8:/s 0.02\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "test.storage.latency.p99 storage:sequential-read.buffered.c8:/s 1\n", VERDICT_WARN },
	{ "test.storage.latency.p99 storage:sequential-read.direct.c32:/s 10\n", VERDICT_FAIL },
	{ "test.storage.latency.p99 storage:sequential-read.direct.c8:/s -\n"
	  "test.storage.latency.p99 storage:sequential-read.buffered.c8:/s -\n",
	  VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("storage-latency", scene_bare, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "storage-latency"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
