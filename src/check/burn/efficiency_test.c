#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char well[] = EIGHT("test.burn.speed", "7e14") EIGHT("test.burn.power", "700");

static void each_verdict_has_its_case(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		/* Slower with less power is no waste. */
		{ SAY("test.burn.speed", GPU3, "5e14") SAY("test.burn.power", GPU3, "500"),
		  VERDICT_PASS },
		{ SAY("test.burn.speed", GPU3, "6.6e14"), VERDICT_PASS },
		{ SAY("test.burn.speed", GPU3, "6.4e14"), VERDICT_WARN },
		{ SAY("test.burn.power", GPU3, "770"), VERDICT_WARN },
		{ SAY("test.burn.power", GPU3, "830"), VERDICT_FAIL },
		{ SAY("test.burn.power", GPU3, "? no sample tells it"), VERDICT_UNKNOWN },
		{ SAY("test.burn.speed", GPU3, "? stalled"), VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "burn-efficiency") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void alone_it_is_unknown_and_silence_too(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, SAY("test.burn.speed", GPU3, "7e14"),
		   SAY("test.burn.power", GPU3, "900"), NULL);
	assert_int_equal(scene_worst(&scene, "burn-efficiency"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "burn-efficiency"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "burn-efficiency"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_verdict_has_its_case),
		cmocka_unit_test(alone_it_is_unknown_and_silence_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
