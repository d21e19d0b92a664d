#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "test.storage.direct storage:direct:/s taken\n"
			   "test.storage.type storage:type:/s ext4\n"
			   "test.storage.violations storage:rename:/s 0\n"
			   "test.storage.errors storage:rename:/s 0\n"
			   "test.storage.rounds storage:rename:/s 500\n"
			   "test.storage.violations storage:append:/s 0\n"
			   "test.storage.errors storage:append:/s 0\n"
			   "test.storage.rounds storage:append:/s 500\n"
			   "test.storage.latency.p50 storage:fsync:/s 0.001\n"
			   "test.storage.errors storage:fsync:/s 0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "test.storage.violations storage:rename:/s 1\n", VERDICT_FAIL },
	{ "test.storage.violations storage:append:/s 7\n", VERDICT_FAIL },
	{ "test.storage.errors storage:append:/s 1\n"
	  "test.storage.error storage:append:/s appending: Stale file handle\n",
	  VERDICT_WARN },
	{ "test.storage.violations storage:append:/s -\n"
	  "test.storage.errors storage:append:/s 1000\n"
	  "test.storage.error storage:append:/s appending: Input/output error\n",
	  VERDICT_WARN },
	{ "test.storage.errors storage:fsync:/s 1\n"
	  "test.storage.error storage:fsync:/s fsync: Input/output error\n",
	  VERDICT_FAIL },
	{ "test.storage.latency.p50 storage:fsync:/s 1e-06\n", VERDICT_WARN },
	{ "test.storage.latency.p50 storage:fsync:/s 1e-06\n"
	  "test.storage.type storage:type:/s tmpfs\n",
	  VERDICT_WARN },
	{ "test.storage.latency.p50 storage:fsync:/s ? gone\n", VERDICT_UNKNOWN },
	{ "test.storage.error storage:cleanup:/s removing a file of the test: no answer in time\n",
	  VERDICT_FAIL },
	{ "test.storage.violations storage:rename:/s ? it was not done\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("storage-honesty", scene_bare, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "storage-honesty"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
