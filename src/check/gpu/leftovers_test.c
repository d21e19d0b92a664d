#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char well[] = EIGHT("gpu.processes", "0") EIGHT("gpu.utilisation", "0")
	EIGHT("gpu.memory.used", "600000000");

static void verdicts_follow_processes_and_memory(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("gpu.processes", GPU3, "1"), VERDICT_WARN },
		{ SAY("gpu.processes", GPU3, "1") SAY("gpu.utilisation", GPU3, "80"),
		  VERDICT_PASS },
		{ EIGHT("gpu.processes", "1") EIGHT("gpu.utilisation", "80"),
		  VERDICT_NOT_APPLICABLE },
		{ SAY("gpu.processes", GPU3, "1") SAY("gpu.utilisation", GPU3, "-"),
		  VERDICT_UNKNOWN },
		{ SAY("gpu.memory.used", GPU3, "1073741824"), VERDICT_PASS },
		{ SAY("gpu.memory.used", GPU3, "1073741825"), VERDICT_WARN },
		{ SAY("gpu.memory.used", GPU3, "9000000000") "container - docker\n",
		  VERDICT_UNKNOWN },
		{ SAY("gpu.memory.used", GPU3, "9000000000") SAY("gpu.partition", GPU3, "mig"),
		  VERDICT_UNKNOWN },
		{ SAY("gpu.memory.used", GPU3, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.processes", GPU3, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.processes", GPU3, "-"), VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-leftovers") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-leftovers"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-leftovers"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_processes_and_memory),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
