#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char well[] =
	EIGHT("test.burn.speed", "7e14") EIGHT("test.burn.speed.first", "7.05e14")
		EIGHT("test.burn.speed.last", "6.99e14") EIGHT("test.burn.spread", "0.4");

static void each_verdict_has_its_case(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("test.burn.speed.last", GPU3, "6.8e14"), VERDICT_WARN },
		{ SAY("test.burn.speed.last", GPU3, "6.8e14") SAY("test.burn.spread", GPU3, "8"),
		  VERDICT_PASS },
		{ SAY("test.burn.speed.last", GPU3, "6e14"), VERDICT_FAIL },
		{ SAY("test.burn.speed", GPU3, "6.7e14"), VERDICT_WARN },
		{ SAY("test.burn.speed", GPU3, "5e14"), VERDICT_FAIL },
		{ SAY("test.burn.speed.last", GPU3, "? too short"), VERDICT_UNKNOWN },
		{ SAY("test.burn.speed", GPU3, "? stalled"), VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "burn-steadiness") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "burn-steadiness"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "burn-steadiness"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_verdict_has_its_case),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
