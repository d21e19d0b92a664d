#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char b200[] = "gpu.count.pci vendor:nvidia 1\n"
			   "gpu.vendor " GPU0 " nvidia\n"
			   "gpu.name " GPU0 " NVIDIA B200\n"
			   "pci.id pci:0000:19:00.0 10de:2901\n"
			   "gpu.power " GPU0 " 140\n"
			   "gpu.processes " GPU0 " 0\n"
			   "gpu.utilisation " GPU0 " 0\n";

static const char gb200[] = "gpu.name " GPU0 " NVIDIA GB200\n"
			    "pci.id pci:0000:19:00.0 10de:2941\n";

static void verdicts_follow_the_figure_of_the_generation(void **state)
{
	static const struct {
		const char *model, *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", "", VERDICT_PASS },
		{ "", SAY("gpu.power", GPU0, "249"), VERDICT_PASS },
		{ "", SAY("gpu.power", GPU0, "250"), VERDICT_WARN },
		{ gb200, SAY("gpu.power", GPU0, "299"), VERDICT_PASS },
		{ gb200, SAY("gpu.power", GPU0, "300"), VERDICT_WARN },
		{ "", SAY("gpu.power", GPU0, "700") SAY("gpu.utilisation", GPU0, "90"),
		  VERDICT_NOT_APPLICABLE },
		{ "", SAY("gpu.power", GPU0, "700") SAY("gpu.processes", GPU0, "1"),
		  VERDICT_NOT_APPLICABLE },
		{ "", SAY("gpu.power", GPU0, "? stalled"), VERDICT_UNKNOWN },
		{ "", SAY("gpu.utilisation", GPU0, "? stalled"), VERDICT_UNKNOWN },
		{ "", SAY("gpu.processes", GPU0, "-"), VERDICT_UNKNOWN },
		{ "", "gpu.name " GPU0 " NVIDIA Z9000\npci.id pci:0000:19:00.0 10de:ffff\n",
		  VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, b200, cases[i].model, cases[i].lines, NULL);
		if (scene_worst(&scene, "idle-power") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void a_model_without_a_figure_is_not_judged(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, EIGHT("gpu.power", "900"), NULL);
	assert_int_equal(scene_worst(&scene, "idle-power"), VERDICT_NOT_APPLICABLE);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "idle-power"), VERDICT_NOT_APPLICABLE);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "idle-power"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_the_figure_of_the_generation),
		cmocka_unit_test(a_model_without_a_figure_is_not_judged),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
