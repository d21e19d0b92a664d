#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "mount.type mount:/ ext4\n"
			   "mount.answers mount:/ ok\n"
			   "mount.mode mount:/ rw\n"
			   "mount.size mount:/ 1000000000000\n"
			   "mount.available mount:/ 500000000000\n"
			   "mount.type mount:/data nfs4\n"
			   "mount.answers mount:/data ok\n"
			   "mount.mode mount:/data rw\n"
			   "mount.size mount:/data 1000000000000\n"
			   "mount.available mount:/data 500000000000\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "mount.answers mount:/data stalled\n", VERDICT_FAIL },
	{ "mount.answers mount:/data Stale file handle\n", VERDICT_FAIL },
	{ "mount.answers mount:/data Permission denied\n", VERDICT_UNKNOWN },
	{ "mount.answers mount:/data ? no worker\n", VERDICT_UNKNOWN },
	{ "mount.answers mount:/data ? no worker\n"
	  "mount.mode mount:/data ro\n"
	  "mount.options mount:/data rw,relatime,ro\n",
	  VERDICT_FAIL },
	{ "mount.answers mount:/data -\n", VERDICT_UNKNOWN },
	{ "mount.mode mount:/data ro\n", VERDICT_PASS },
	{ "mount.mode mount:/data ro\n"
	  "mount.options mount:/data rw,relatime,ro,errors=remount-ro\n",
	  VERDICT_FAIL },
	{ "mount.mode mount:/data ro\n"
	  "mount.options mount:/data ro,relatime,rw\n",
	  VERDICT_FAIL },
	{ "mount.mode mount:/data ro\n"
	  "mount.options mount:/data ro,relatime,ro\n",
	  VERDICT_PASS },
	{ "mount.mode mount:/data ro\n"
	  "mount.type mount:/data squashfs\n"
	  "mount.options mount:/data rw,ro\n",
	  VERDICT_PASS },
	{ "mount.available mount:/ 50000000000\n", VERDICT_PASS },
	{ "mount.available mount:/ 49000000000\n", VERDICT_WARN },
	{ "mount.available mount:/ 10000000000\n", VERDICT_WARN },
	{ "mount.available mount:/ 9000000000\n", VERDICT_FAIL },
	{ "mount.available mount:/data 0\n", VERDICT_PASS },
	{ "mount.available mount:/ ? refused\n", VERDICT_UNKNOWN },
	{ "mount.type - ? 3 further mounts were not looked at\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("mount-health", scene_h100, well, cases);
}

static void what_could_be_written_on_the_golden_node_has_to_be(void **state)
{
	SCOPED_SCENE(golden);
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&golden, scene_h100, well, "", NULL);
	scene_make(&scene, scene_h100, well, "mount.mode mount:/data ro\n", NULL);
	scene.input.golden = golden.input.machines;
	assert_int_equal(scene_worst(&scene, "mount-health"), VERDICT_FAIL);
}

static void the_file_system_is_named(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, well, "mount.answers mount:/data stalled\n", NULL);
	assert_int_equal(scene_verdict(&scene, "mount-health", "mount:/data"), VERDICT_FAIL);
	assert_non_null(strstr(scene_finding(&scene, "mount:/data")->text, "/data: "));
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "mount-health"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(what_could_be_written_on_the_golden_node_has_to_be),
		cmocka_unit_test(the_file_system_is_named),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
