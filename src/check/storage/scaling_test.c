#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] =
	"test.storage.direct storage:direct:/s taken\n"
	"test.storage.bandwidth storage:sequential-read.direct.c1:/s 100000000.0\n"
	"test.storage.bandwidth storage:sequential-read.direct.c2:/s 200000000.0\n"
	"test.storage.bandwidth storage:sequential-read.direct.c4:/s 400000000.0\n"
	"test.storage.bandwidth storage:sequential-read.direct.c8:/s 800000000.0\n"
	"test.storage.bandwidth storage:sequential-read.direct.c16:/s 1600000000.0\n"
	"test.storage.bandwidth storage:sequential-read.direct.c32:/s 3200000000.0\n"
	"test.storage.bandwidth storage:random-read.direct.c1:/s 100000000.0\n"
	"test.storage.bandwidth storage:random-read.direct.c2:/s 200000000.0\n"
	"test.storage.bandwidth storage:random-read.direct.c4:/s 400000000.0\n"
	"test.storage.bandwidth storage:random-read.direct.c8:/s 800000000.0\n"
	"test.storage.bandwidth storage:random-read.direct.c16:/s 1600000000.0\n"
	"test.storage.bandwidth storage:random-read.direct.c32:/s 3200000000.0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "test.storage.bandwidth storage:sequential-read.direct.c32:/s 100000000.0\n",
	  VERDICT_WARN },
	{ "test.storage.bandwidth storage:random-read.direct.c16:/s 9000000000.0\n", VERDICT_WARN },
	{ "test.storage.bandwidth storage:random-read.direct.c1:/s -\n", VERDICT_UNKNOWN },
	{ "test.storage.bandwidth storage:random-read.direct.c8:/s -\n"
	  "test.storage.bandwidth storage:random-read.direct.c16:/s -\n"
	  "test.storage.bandwidth storage:random-read.direct.c32:/s -\n",
	  VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("storage-scaling", scene_bare, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "storage-scaling"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
