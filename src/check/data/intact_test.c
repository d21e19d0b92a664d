#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "test.storage.direct storage:direct:/s taken\n"
			   "test.storage.corrupt storage:checksum:/s 0\n"
			   "test.storage.errors storage:checksum:/s 0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "test.storage.corrupt storage:checksum:/s 1\n", VERDICT_FAIL },
	{ "test.storage.corrupt storage:checksum:/s -\n"
	  "test.storage.errors storage:checksum:/s 1\n"
	  "test.storage.error storage:checksum:/s writing: Input/output error\n",
	  VERDICT_FAIL },
	{ "test.storage.corrupt storage:checksum:/s ? too small\n"
	  "test.storage.errors storage:checksum:/s -\n",
	  VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("data-intact", scene_bare, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "data-intact"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
