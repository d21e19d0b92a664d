#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "rdma.count - 8\n"
			   "limit limit:memlock unlimited\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "limit limit:memlock 8388608\n", VERDICT_WARN },
	{ "limit limit:memlock ? refused\n", VERDICT_UNKNOWN },
	{ "limit limit:memlock -\n"
	  "limit limit:nofile 9\n",
	  VERDICT_UNKNOWN },
	{ "rdma.count - 0\n", VERDICT_NOT_APPLICABLE },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("limit-memlock", scene_h100, well, cases);
}

static void what_limits_conf_says_is_told(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, well, "limit limit:memlock 65536\n",
		   "setting setting:limits:memlock * - memlock unlimited\n", NULL);
	assert_int_equal(scene_verdict(&scene, "limit-memlock", NULL), VERDICT_WARN);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "limits.conf says *"));
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "limit-memlock"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "limit-memlock"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(what_limits_conf_says_is_told),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
