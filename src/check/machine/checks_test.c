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
	{ "log.machine-check - ? no permission\n", VERDICT_UNKNOWN },
	{ "log.lines - 0\n", VERDICT_UNKNOWN },
	{ "log.machine-check - mce: [Hardware Error]: Machine check events logged\n",
	  VERDICT_PASS },
	{ "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n",
	  VERDICT_PASS },
	{ "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n"
	  "log.machine-check - mce: [Hardware Error]: Machine check events logged\n",
	  VERDICT_WARN },
	{ "log.machine-check - [Hardware Error]: Corrected error, no action required.\n",
	  VERDICT_PASS },
	{ "log.machine-check - [Hardware Error]: section_type: memory error\n", VERDICT_PASS },
	{ "log.machine-check - [Hardware Error]: an uncorrectable error\n", VERDICT_FAIL },
	{ "log.machine-check - [Hardware Error]: severity: non-fatal\n", VERDICT_FAIL },
	{ "log.machine-check - [Hardware Error]: Processor context corrupt\n", VERDICT_FAIL },
	{ "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n",
	  VERDICT_WARN },
	{ "log.machine-check - [Hardware Error]: Corrected error, no action required.\n"
	  "log.machine-check - [Hardware Error]: Corrected error, no action required.\n"
	  "log.machine-check - [Hardware Error]: Corrected error, no action required.\n"
	  "log.machine-check - [Hardware Error]: Corrected error, no action required.\n"
	  "log.machine-check - [Hardware Error]: Corrected error, no action required.\n"
	  "log.machine-check - [Hardware Error]: Corrected error, no action required.\n"
	  "log.machine-check - [Hardware Error]: Corrected error, no action required.\n"
	  "log.machine-check - [Hardware Error]: Corrected error, no action required.\n"
	  "log.machine-check - [Hardware Error]: Corrected error, no action required.\n"
	  "log.machine-check - [Hardware Error]: Corrected error, no action required.\n"
	  "log.machine-check - [Hardware Error]: Corrected error, no action required.\n",
	  VERDICT_WARN },
	{ "uptime - 864000\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n"
	  "log.machine-check - [Hardware Error]: event severity: corrected\n",
	  VERDICT_PASS },
	{ "log.machine-check - [Hardware Error]: event severity: fatal\n", VERDICT_FAIL },
	{ "log.machine-check - [Hardware Error]: event severity: recoverable\n", VERDICT_FAIL },
	{ "log.machine-check - [Hardware Error]: Uncorrected, software restartable error.\n",
	  VERDICT_FAIL },
	{ "log.machine-check - mce: Uncorrected hardware memory error in user-access at 1000\n",
	  VERDICT_FAIL },
	{ "log.machine-check - mce: [Hardware Error]: CPU 3: Machine Check Exception: 5 Bank 7: "
	  "be00000000010092\n",
	  VERDICT_FAIL },
	{ "log.machine-check - [Hardware Error]: Deferred error, no action required.\n",
	  VERDICT_WARN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("machine-checks", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "machine-checks"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
