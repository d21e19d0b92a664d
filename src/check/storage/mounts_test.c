#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "mount.type mount:/ ext4\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_WARN },
	{ "mount.type mount:/data lustre\n", VERDICT_PASS },
	{ "mount.type mount:/data wekafs\n"
	  "mount.type mount:/home nfs4\n",
	  VERDICT_PASS },
	{ "mount.type mount:/data nfs4\n", VERDICT_WARN },
	{ "mount.type mount:/data nfs\n"
	  "mount.options mount:/data rw,vers=3,remoteports=10.0.0.1-10.0.0.8\n",
	  VERDICT_PASS },
	{ "mount.type - ? refused\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("storage-mounts", scene_h100, well, cases);
}

/* The question of the standard is which shared file system there is: none is its worst answer, a
 * plain server the one below the best, and both only warn a node. */
static void none_is_told_apart_from_a_plain_one(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, well, NULL);
	assert_true(scene_judge(&scene, "storage-mounts")->items[0].absent);
	scene_make(&scene, well, "mount.type mount:/data nfs4\n", NULL);
	assert_false(scene_judge(&scene, "storage-mounts")->items[0].absent);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "storage-mounts"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(none_is_told_apart_from_a_plain_one),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
