#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "test.object.errors object:put:s3/b 0\n"
			   "test.object.errors object:get:s3/b 0\n"
			   "test.object.rate object:put:s3/b 100\n"
			   "test.object.latency.p50 object:put:s3/b 0.01\n"
			   "test.object.latency.p50 object:get:s3/b 0.01\n"
			   "test.object.latency.p99 object:get:s3/b 0.02\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_UNKNOWN },
	{ "test.object.errors object:get:s3/b 2\n"
	  "test.object.error object:get:s3/b 503 SlowDown\n",
	  VERDICT_WARN },
	{ "test.object.errors object:write:s3/b 1\n", VERDICT_FAIL },
	{ "test.object.errors object:put:s3/b ? no credentials\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("object-operations", scene_bare, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "object-operations"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
