#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "test.storage.direct storage:direct:/s taken\n"
			   "test.storage.violations storage:lock.posix:/s 0\n"
			   "test.storage.errors storage:lock.posix:/s 0\n"
			   "test.storage.rounds storage:lock.posix:/s 100\n"
			   "test.storage.violations storage:lock.open:/s 0\n"
			   "test.storage.errors storage:lock.open:/s 0\n"
			   "test.storage.rounds storage:lock.open:/s 100\n"
			   "test.storage.violations storage:lock.flock:/s 0\n"
			   "test.storage.errors storage:lock.flock:/s 0\n"
			   "test.storage.rounds storage:lock.flock:/s 100\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "test.storage.violations storage:lock.flock:/s 100\n", VERDICT_FAIL },
	{ "test.storage.violations storage:lock.open:/s -\n"
	  "test.storage.errors storage:lock.open:/s 4\n"
	  "test.storage.error storage:lock.open:/s locking: No locks available\n",
	  VERDICT_WARN },
	/* Not the lock failed, but what was written while it was held. */
	{ "test.storage.violations storage:lock.open:/s 0\n"
	  "test.storage.errors storage:lock.open:/s 4\n"
	  "test.storage.error storage:lock.open:/s counting under the lock: Input/output error\n",
	  VERDICT_UNKNOWN },
	{ "test.storage.violations storage:lock.posix:/s ? it was not done\n"
	  "test.storage.errors storage:lock.posix:/s -\n",
	  VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("file-locks", scene_bare, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "file-locks"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
