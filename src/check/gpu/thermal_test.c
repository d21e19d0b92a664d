#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char well[] = EIGHT("gpu.temperature", "45") EIGHT("gpu.temperature.margin", "42")
	EIGHT("gpu.temperature.memory", "50") EIGHT("gpu.power", "300");

static void verdicts_follow_margin_and_neighbours(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("gpu.temperature.margin", GPU2, "4"), VERDICT_PASS },
		{ SAY("gpu.temperature.margin", GPU2, "3"), VERDICT_FAIL },
		{ SAY("gpu.temperature.margin", GPU2, "-2"), VERDICT_FAIL },
		{ SAY("gpu.temperature", GPU2, "60"), VERDICT_PASS },
		{ SAY("gpu.temperature", GPU2, "61"), VERDICT_WARN },
		{ SAY("gpu.temperature", GPU2, "88"), VERDICT_WARN },
		{ EIGHT("gpu.temperature", "87"), VERDICT_PASS },
		{ EIGHT("gpu.temperature", "88"), VERDICT_WARN },
		/* works harder than the others: nobody to compare with */
		{ SAY("gpu.temperature", GPU2, "70") SAY("gpu.power", GPU2, "600"), VERDICT_PASS },
		{ SAY("gpu.temperature.memory", GPU2, "65"), VERDICT_PASS },
		{ SAY("gpu.temperature.memory", GPU2, "66"), VERDICT_WARN },
		{ SAY("gpu.temperature.memory", GPU2, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.temperature.memory", GPU2, "-"), VERDICT_PASS },
		{ SAY("gpu.temperature", GPU2, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.temperature", GPU2, "-"), VERDICT_UNKNOWN },
		{ SAY("gpu.temperature.margin", GPU2, "-"), VERDICT_UNKNOWN },
		{ SAY("gpu.temperature.margin", GPU2, "-")
			  SAY("gpu.temperature.slowdown", GPU2, "87"),
		  VERDICT_PASS },
		{ SAY("gpu.temperature.margin", GPU2, "-")
			  SAY("gpu.temperature.slowdown", GPU2, "48"),
		  VERDICT_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-thermal") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void a_slope_along_the_board_is_no_fault(void **state)
{
	static const char slope[] = SAY("gpu.temperature", GPU0, "40")
		SAY("gpu.temperature", GPU1, "43") SAY("gpu.temperature", GPU2, "46")
			SAY("gpu.temperature", GPU3, "49") SAY("gpu.temperature", GPU4, "52")
				SAY("gpu.temperature", GPU5, "55")
					SAY("gpu.temperature", GPU6, "58")
						SAY("gpu.temperature", GPU7, "66");
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, well, slope, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-thermal"), VERDICT_PASS);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-thermal"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-thermal"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_margin_and_neighbours),
		cmocka_unit_test(a_slope_along_the_board_is_no_fault),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
