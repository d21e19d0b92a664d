#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "test.object.corrupt object:all:s3/b 0\n"
			   "test.object.left object:all:s3/b 0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "test.object.corrupt object:all:s3/b 1\n", VERDICT_FAIL },
	{ "test.object.left object:all:s3/b 2\n", VERDICT_WARN },
	{ "test.object.lock object:lock:s3/b ignored\n", VERDICT_FAIL },
	{ "test.object.lock object:lock:s3/b holds\n", VERDICT_PASS },
	{ "test.object.lock object:lock:s3/b absent\n", VERDICT_PASS },
	{ "test.object.corrupt object:all:s3/b ? stalled\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("object-integrity", scene_bare, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "object-integrity"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
