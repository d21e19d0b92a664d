#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "test.storage.direct storage:direct:/s taken\n"
			   "test.storage.files storage:walk:/s 2000\n"
			   "test.storage.walk storage:walk.cold:/s 1\n"
			   "test.storage.walk storage:walk.warm:/s 0.1\n"
			   "test.storage.errors storage:make-one.c128:/s 0\n"
			   "test.storage.latency.p99 storage:make-one.c128:/s 0.01\n"
			   "test.storage.errors storage:create:/s 0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "test.storage.errors storage:create:/s 3\n"
	  "test.storage.error storage:create:/s No space left on device\n",
	  VERDICT_FAIL },
	{ "test.storage.errors storage:make-one.c128:/s 2\n", VERDICT_FAIL },
	{ "test.storage.latency.p99 storage:make-one.c128:/s 5\n", VERDICT_WARN },
	{ "test.storage.errors storage:make-one.c128:/s -\n", VERDICT_UNKNOWN },
	{ "test.storage.walk storage:walk.cold:/s 5\n", VERDICT_WARN },
	{ "test.storage.walk storage:walk.cold:/s 20\n", VERDICT_FAIL },
	{ "test.storage.walk storage:walk.cold:/s ? needs consent\n", VERDICT_UNKNOWN },
	{ "test.storage.walk storage:walk.cold:/s ? needs consent\n"
	  "test.storage.walk storage:walk.warm:/s 50\n",
	  VERDICT_FAIL },
	{ "test.storage.files storage:walk:/s ? too small\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("storage-files", scene_bare, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "storage-files"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
