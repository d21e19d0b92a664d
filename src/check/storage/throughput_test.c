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
	"test.storage.bandwidth storage:sequential-read.direct.c8:/s 2000000000.0\n"
	"test.storage.bandwidth storage:sequential-write.direct.c8:/s 1000000000.0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_UNKNOWN },
	{ "test.storage.bandwidth storage:sequential-write.direct.c8:/s 7000000000.0\n",
	  VERDICT_WARN },
	{ "test.storage.direct storage:direct:/s refused\n"
	  "test.storage.bandwidth storage:sequential-read.direct.c8:/s -\n"
	  "test.storage.bandwidth storage:sequential-read.buffered.c8:/s 1000000000.0\n",
	  VERDICT_UNKNOWN },
	{ "test.storage.bandwidth storage:sequential-read.direct.c8:/s ? refused\n",
	  VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("storage-throughput", scene_bare, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "storage-throughput"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
