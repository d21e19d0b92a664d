#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "log.lines - 900\n"
			   "log.from - 0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "log.thermal - ? no permission\n", VERDICT_UNKNOWN },
	{ "log.lines - 0\n", VERDICT_UNKNOWN },
	{ "log.lines - ? no permission\n", VERDICT_UNKNOWN },
	{ "log.thermal - mce: CPU12: Package temperature above threshold, cpu clock throttled "
	  "(total events = 1)\n",
	  VERDICT_WARN },
	{ "log.thermal - mce: CPU12: Package temperature/speed normal\n", VERDICT_PASS },
	{ "log.thermal - thermal thermal_zone0: critical temperature reached (105 C), shutting "
	  "down\n",
	  VERDICT_FAIL },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("system-heat", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "system-heat"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
