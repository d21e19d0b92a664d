#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define BURN "test:burn"
#define BUSBW "test.burn.collective.busbw"
#define END "test.burn.collective.end"

static const char well[] = EIGHT(END, "ok") EIGHT("test.burn.collective.wrong", "0")
	SAY(BUSBW, BURN, "4e11") SAY(BUSBW ".first", BURN, "4.02e11")
		SAY(BUSBW ".last", BURN, "3.99e11") SAY("test.burn.collective.spread", BURN, "0.4");

static void each_verdict_has_its_case(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY(BUSBW ".last", BURN, "3.7e11"), VERDICT_WARN },
		{ SAY(BUSBW ".last", BURN, "3e11"), VERDICT_FAIL },
		{ SAY(BUSBW ".last", BURN, "3e11") SAY("test.burn.collective.spread", BURN, "40"),
		  VERDICT_PASS },
		{ SAY(END, GPU3, "wrong") SAY("test.burn.collective.wrong", GPU3, "7"),
		  VERDICT_FAIL },
		{ EIGHT(END, "waited") SAY(END, GPU3, "failed"), VERDICT_FAIL },
		{ EIGHT(END, "waited"), VERDICT_FAIL },
		{ SAY(BUSBW ".last", BURN, "? too short"), VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "burn-collective") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "burn-collective"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, SAY(BUSBW, BURN, "? no library"), NULL);
	assert_int_equal(scene_worst(&scene, "burn-collective"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "burn-collective"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_verdict_has_its_case),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
