#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "nvme.state nvme:nvme0 live\n"
			   "nvme.warning nvme:nvme0 none\n"
			   "nvme.spare nvme:nvme0 100\n"
			   "nvme.spare.threshold nvme:nvme0 10\n"
			   "nvme.used nvme:nvme0 3\n"
			   "nvme.media-errors nvme:nvme0 0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "nvme.state nvme:nvme0 dead\n", VERDICT_FAIL },
	{ "nvme.state nvme:nvme0 ? refused\n", VERDICT_UNKNOWN },
	{ "nvme.warning nvme:nvme0 temperature\n", VERDICT_WARN },
	{ "nvme.warning nvme:nvme0 spare+temperature\n", VERDICT_FAIL },
	{ "nvme.warning nvme:nvme0 read-only\n", VERDICT_FAIL },
	{ "nvme.warning nvme:nvme0 gloom\n", VERDICT_UNKNOWN },
	{ "nvme.warning nvme:nvme0 reliability\n", VERDICT_FAIL },
	{ "nvme.warning nvme:nvme0 backup\n", VERDICT_FAIL },
	{ "nvme.warning nvme:nvme0 region\n", VERDICT_FAIL },
	{ "nvme.warning nvme:nvme0 ? not permitted\n", VERDICT_UNKNOWN },
	{ "nvme.spare nvme:nvme0 10\n", VERDICT_PASS },
	{ "nvme.spare nvme:nvme0 9\n", VERDICT_FAIL },
	{ "nvme.spare.threshold nvme:nvme0 -\n", VERDICT_UNKNOWN },
	{ "nvme.used nvme:nvme0 99\n", VERDICT_PASS },
	{ "nvme.used nvme:nvme0 100\n", VERDICT_WARN },
	{ "nvme.used nvme:nvme0 -\n", VERDICT_UNKNOWN },
	{ "nvme.media-errors nvme:nvme0 1\n", VERDICT_WARN },
	{ "nvme.media-errors nvme:nvme0 1\n"
	  "nvme.media-errors nvme:nvme0 2 @60\n",
	  VERDICT_FAIL },
	{ "nvme.media-errors nvme:nvme0 ? not permitted\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("nvme-health", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, "nvme.state nvme:nvme0 live\n", NULL);
	assert_int_equal(scene_worst(&scene, "nvme-health"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "nvme-health"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
