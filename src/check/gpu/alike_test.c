#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char well[] =
	EIGHT("gpu.vbios", "96.00.74.00.01") EIGHT("gpu.memory.total", "85520809984")
		EIGHT("gpu.ecc.mode", "on") EIGHT("gpu.power.limit", "700");

static void the_odd_one_is_named(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("gpu.vbios", GPU5, "96.00.61.00.01"), VERDICT_WARN },
		{ SAY("gpu.power.limit", GPU5, "500"), VERDICT_WARN },
		{ SAY("gpu.ecc.mode", GPU5, "off"), VERDICT_WARN },
		{ SAY("gpu.name", GPU5, "NVIDIA H100 PCIe"), VERDICT_FAIL },
		{ SAY("gpu.memory.total", GPU5, "42949672960"), VERDICT_FAIL },
		{ SAY("gpu.vbios", GPU5, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.vbios", GPU5, "-"), VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-alike") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
		if (i > 0)
			assert_string_equal(scene.found.items[0].about, GPU5);
	}
}

static void all_oddities_of_one_gpu_are_one_finding(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, well, SAY("gpu.vbios", GPU5, "96.00.61.00.01"),
		   SAY("gpu.ecc.mode", GPU5, "off"), NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-alike", GPU5), VERDICT_WARN);
	assert_non_null(strstr(scene_finding(&scene, GPU5)->text, "firmware"));
	assert_non_null(strstr(scene_finding(&scene, GPU5)->text, "error correction"));
}

static void without_a_majority_the_node_is_told(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, well,
		   SAY("gpu.vbios", GPU0, "1") SAY("gpu.vbios", GPU1, "1")
			   SAY("gpu.vbios", GPU2, "1") SAY("gpu.vbios", GPU3, "1"),
		   NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-alike", "node.gpu.vbios"), VERDICT_WARN);
}

static void one_gpu_is_not_compared_and_silence_is_unknown(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, "gpu.count.pci vendor:nvidia 1\ngpu.vendor " GPU0 " nvidia\n", NULL);
	assert_int_equal(scene_worst(&scene, "gpu-alike"), VERDICT_NOT_APPLICABLE);
	scene_make(&scene, "gpu.count.pci vendor:nvidia 2\n", SAY("gpu.vendor", GPU0, "nvidia"),
		   SAY("gpu.vendor", GPU1, "nvidia"), NULL);
	assert_int_equal(scene_worst(&scene, "gpu-alike"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-alike"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_odd_one_is_named),
		cmocka_unit_test(all_oddities_of_one_gpu_are_one_finding),
		cmocka_unit_test(without_a_majority_the_node_is_told),
		cmocka_unit_test(one_gpu_is_not_compared_and_silence_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
