#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "module module:gdrdrv 2.5\n"
			   "file file:/dev/gdrdrv device 0666 0\n"
			   "software software:gdrcopy 2.5\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "file file:/dev/gdrdrv device 0600 0\n", VERDICT_WARN },
	{ "file file:/dev/gdrdrv device 0660 0\n", VERDICT_WARN },
	{ "file file:/dev/gdrdrv absent\n", VERDICT_FAIL },
	{ "file file:/dev/gdrdrv ? refused\n", VERDICT_UNKNOWN },
	{ "module module:gdrdrv absent\n", VERDICT_WARN },
	{ "module module:gdrdrv absent\n"
	  "software software:gdrcopy absent\n",
	  VERDICT_WARN },
	{ "module module:gdrdrv ? refused\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("gdrcopy", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "gdrcopy"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "gdrcopy"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
