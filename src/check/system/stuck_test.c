#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "log.lines - 900\n"
			   "log.from - 0\n"
			   "process.zombies - 0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "log.stuck - ? no permission\n", VERDICT_UNKNOWN },
	{ "log.lines - 0\n", VERDICT_UNKNOWN },
	{ "process.zombies - ? refused\n", VERDICT_UNKNOWN },
	{ "log.stuck - INFO: task python3:77 blocked for more than 120 seconds.\n", VERDICT_FAIL },
	{ "log.stuck - watchdog: BUG: soft lockup - CPU#3 stuck for 22s!\n", VERDICT_FAIL },
	{ "log.stuck - rcu: INFO: rcu_sched self-detected stall on CPU\n", VERDICT_FAIL },
	{ "process.blocked pid:7 nfsd\n"
	  "process.blocked.time pid:7 0\n",
	  VERDICT_PASS },
	{ "process.blocked pid:7 nfsd\n"
	  "process.blocked.time pid:7 299\n",
	  VERDICT_PASS },
	{ "process.blocked pid:7 nfsd\n"
	  "process.blocked.time pid:7 300\n",
	  VERDICT_FAIL },
	{ "process.blocked - ? 3 processes could not be read\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("system-stuck", scene_h100, well, cases);
}

static void the_process_is_named(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, well, "process.blocked pid:7 nvidia-smi\n",
		   "process.blocked.time pid:7 400\n", NULL);
	assert_int_equal(scene_verdict(&scene, "system-stuck", "pid:7"), VERDICT_FAIL);
	assert_non_null(strstr(scene_finding(&scene, "pid:7")->text, "nvidia-smi"));
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "system-stuck"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(the_process_is_named),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
