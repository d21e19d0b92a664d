#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char well[] = EIGHT("gpu.ecc.mode", "on") EIGHT("gpu.ecc.uncorrected", "0")
	EIGHT("gpu.ecc.sram.threshold", "below");

static void verdicts_follow_the_counters(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("gpu.ecc.uncorrected", GPU2, "1"), VERDICT_FAIL },
		{ SAY("gpu.ecc.uncorrected", GPU2, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.ecc.uncorrected", GPU2, "-"), VERDICT_UNKNOWN },
		{ SAY("gpu.ecc.sram.threshold", GPU2, "exceeded"), VERDICT_FAIL },
		{ SAY("gpu.ecc.sram.threshold", GPU2, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.ecc.sram.threshold", GPU2, "perhaps"), VERDICT_UNKNOWN },
		{ SAY("gpu.ecc.sram.threshold", GPU2, "-"), VERDICT_PASS },
		{ SAY("gpu.ecc.mode", GPU2, "off"), VERDICT_WARN },
		{ SAY("gpu.ecc.mode", GPU2, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.ecc.mode", GPU2, "-"), VERDICT_UNKNOWN },
		{ SAY("gpu.ecc.mode", GPU2, "off") SAY("gpu.ecc.uncorrected", GPU2, "-"),
		  VERDICT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-ecc") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void errors_of_earlier_lives_are_told_and_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, well, SAY("gpu.ecc.uncorrected.lifetime", GPU1, "3"), NULL);
	assert_int_equal(scene_worst(&scene, "gpu-ecc"), VERDICT_PASS);
	assert_non_null(strstr(scene_finding(&scene, GPU1)->text, "3 in its life"));
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "7 GPUs"));
}

static void blocks_of_amd_are_judged_one_by_one(void **state)
{
	static const char amd[] = "gpu.count.pci vendor:amd 1\n"
				  "gpu.vendor gpu:0000:05:00.0 amd\n"
				  "gpu.ecc.uncorrected gpu:0000:05:00.0 0\n"
				  "gpu.ras.uncorrected gpu:0000:05:00.0/block:umc 0\n"
				  "gpu.ras.uncorrected gpu:0000:05:00.0/block:sdma 0\n";
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, amd, NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-ecc", NULL), VERDICT_PASS);
	scene_make(&scene, amd, "gpu.ras.uncorrected gpu:0000:05:00.0/block:sdma 2\n", NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-ecc", "gpu:0000:05:00.0/block:sdma"),
			 VERDICT_FAIL);
	assert_non_null(strstr(scene.found.items[0].text, "block sdma"));
	scene_make(&scene, amd, "gpu.ras.deferred gpu:0000:05:00.0/block:umc 1\n", NULL);
	assert_int_equal(scene_worst(&scene, "gpu-ecc"), VERDICT_WARN);
	scene_make(&scene, amd, "gpu.ras.uncorrected gpu:0000:05:00.0/block:umc ? no\n", NULL);
	assert_int_equal(scene_worst(&scene, "gpu-ecc"), VERDICT_UNKNOWN);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-ecc", NULL), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-ecc", NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_the_counters),
		cmocka_unit_test(errors_of_earlier_lives_are_told_and_pass),
		cmocka_unit_test(blocks_of_amd_are_judged_one_by_one),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
