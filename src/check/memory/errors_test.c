#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "log.lines - 900\n"
			   "log.from - 0\n"
			   "edac.controllers - 2\n"
			   "edac.uncorrected dimm:A1 0\n"
			   "edac.corrected dimm:A1 0\n"
			   "edac.uncorrected mc:mc0 0\n"
			   "edac.corrected mc:mc0 0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "edac.uncorrected dimm:A1 1\n", VERDICT_FAIL },
	{ "edac.uncorrected dimm:A1 ? refused\n", VERDICT_UNKNOWN },
	{ "edac.corrected dimm:A1 10\n", VERDICT_PASS },
	{ "edac.corrected dimm:A1 11\n", VERDICT_WARN },
	{ "edac.corrected dimm:A1 ? refused\n", VERDICT_UNKNOWN },
	{ "edac.corrected dimm:A1 100\n"
	  "edac.corrected dimm:A1 111 @3600\n",
	  VERDICT_WARN },
	{ "edac.corrected dimm:A1 100\n"
	  "edac.corrected dimm:A1 110 @3600\n",
	  VERDICT_PASS },
	{ "uptime - -\n"
	  "edac.corrected dimm:A1 1\n",
	  VERDICT_UNKNOWN },
	{ "uptime - 864000\n"
	  "edac.corrected dimm:A1 100\n",
	  VERDICT_PASS },
	{ "log.memory - EDAC MC0: 1 UE memory read error on A1\n", VERDICT_FAIL },
	{ "log.memory - EDAC MC0: 1 CE memory read error on A1\n", VERDICT_PASS },
	{ "log.memory - EDAC skx MC0: uncorrected error\n", VERDICT_FAIL },
	{ "edac.controllers - ? refused\n", VERDICT_UNKNOWN },
	{ "edac.controllers - 0\n", VERDICT_NOT_APPLICABLE },
	{ "edac.controllers - 0\n"
	  "log.memory - Memory failure: 0x1000: recovery action for dirty page\n",
	  VERDICT_FAIL },
	{ "edac.uncorrected dimm:A1 -\n"
	  "edac.uncorrected mc:mc0 -\n",
	  VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("memory-errors", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "memory-errors"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "memory-errors"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
