#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "service service:chrony running\n"
			   "service service:timesyncd absent\n"
			   "service service:ntpd absent\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "service service:chrony stopped\n", VERDICT_WARN },
	{ "service service:chrony absent\n"
	  "service service:ntpd running\n",
	  VERDICT_PASS },
	{ "service service:chrony ? refused\n", VERDICT_UNKNOWN },
	{ "service service:chrony -\n", VERDICT_UNKNOWN },
	{ "service service:chrony -\n"
	  "container - docker\n",
	  VERDICT_NOT_APPLICABLE },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("time-sync", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "time-sync"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
