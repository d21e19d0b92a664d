#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "disk.size disk:nvme0n1 3840755982336\n"
			   "disk.use disk:nvme0n1 mounted\n"
			   "disk.size disk:nvme1n1 3840755982336\n"
			   "disk.use disk:nvme1n1 member\n"
			   "disk.size disk:sdb 1000000\n"
			   "disk.use disk:sdb unused\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "disk.use disk:nvme0n1 unused\n", VERDICT_WARN },
	{ "disk.use disk:nvme0n1 swap\n", VERDICT_PASS },
	{ "disk.use disk:nvme0n1 ? ZFS\n", VERDICT_UNKNOWN },
	{ "disk.use disk:nvme0n1 -\n", VERDICT_UNKNOWN },
	{ "disk.size - ? refused\n", VERDICT_UNKNOWN },
	{ "disk.size disk:sdb 63000000000\n", VERDICT_PASS },
	{ "disk.size disk:sdb 65000000000\n", VERDICT_WARN },
	{ "disk.size disk:nvme0n1 9\n"
	  "disk.size disk:nvme1n1 9\n",
	  VERDICT_NOT_APPLICABLE },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("local-drives", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "local-drives"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
