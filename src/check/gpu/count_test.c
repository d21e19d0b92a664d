#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char counted[] = "gpu.count.driver vendor:nvidia 8\n"
			      "gpu.count.library library:nvml 8\n"
			      "log.lines - 900\n";

struct scene_case {
	const char *lines;
	enum verdict verdict;
};

static void expect(const char *base, const struct scene_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, base, counted, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-count") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void sources_that_disagree_fail(void **state)
{
	static const struct scene_case cases[] = {
		{ "", VERDICT_PASS },
		{ "gpu.count.driver vendor:nvidia -\n", VERDICT_PASS },
		{ "gpu.count.library library:nvml 7\n", VERDICT_FAIL },
		{ "gpu.count.driver vendor:nvidia 7\n", VERDICT_FAIL },
		{ "gpu.count.pci vendor:nvidia 7\n", VERDICT_FAIL },
		{ "gpu.count.library library:nvml ? stalled\n", VERDICT_UNKNOWN },
		{ "gpu.count.library library:nvml -\n", VERDICT_UNKNOWN },
		{ "gpu.count.pci vendor:nvidia ? unreadable\n", VERDICT_UNKNOWN },
		{ "gpu.count.pci vendor:amd ? unreadable\n", VERDICT_UNKNOWN },
		{ "gpu.count.library library:nvml 2\ncontainer - docker\n", VERDICT_UNKNOWN },
	};

	(void)state;
	expect(scene_h100, cases, sizeof(cases) / sizeof(cases[0]));
}

static void a_library_that_does_not_work_fails_with_its_words(void **state)
{
	static const struct scene_case cases[] = {
		{ "gpu.library library:nvml absent\n", VERDICT_FAIL },
		{ "gpu.library library:nvml mismatch\n", VERDICT_FAIL },
		{ "gpu.library library:nvml stalled\n", VERDICT_FAIL },
		{ "gpu.library library:nvml no-driver\n", VERDICT_FAIL },
		{ "gpu.library library:nvml error\n", VERDICT_FAIL },
		{ "gpu.library library:nvml died\n", VERDICT_FAIL },
		{ "gpu.library library:nvml refused\n", VERDICT_UNKNOWN },
		{ "gpu.library library:nvml absent\ncontainer - docker\n", VERDICT_UNKNOWN },
		{ "gpu.library library:nvml -\n", VERDICT_UNKNOWN },
		{ "gpu.library library:nvml ? not asked\n", VERDICT_UNKNOWN },
	};
	SCOPED_SCENE(scene);

	(void)state;
	expect(scene_h100, cases, sizeof(cases) / sizeof(cases[0]));
	scene_make(&scene, scene_h100, counted,
		   "gpu.library library:nvml mismatch\n"
		   "gpu.call library:nvml nvmlInit_v2: Driver/library version mismatch (18)\n",
		   NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-count", "vendor:nvidia"), VERDICT_FAIL);
	assert_non_null(strstr(scene_finding(&scene, "vendor:nvidia")->text, "mismatch (18)"));
}

static void a_gpu_that_does_not_answer_fails_and_names_the_call(void **state)
{
	static const struct scene_case cases[] = {
		{ SAY("gpu.answers", GPU3, "lost"), VERDICT_FAIL },
		{ SAY("gpu.answers", GPU3, "reset-required"), VERDICT_FAIL },
		{ SAY("gpu.answers", GPU3, "stalled"), VERDICT_FAIL },
		{ SAY("gpu.answers", GPU3, "error"), VERDICT_FAIL },
		{ SAY("gpu.answers", GPU3, "? not asked"), VERDICT_UNKNOWN },
		{ SAY("gpu.answers", GPU3, "-"), VERDICT_UNKNOWN },
	};
	SCOPED_SCENE(scene);

	(void)state;
	expect(scene_h100, cases, sizeof(cases) / sizeof(cases[0]));
	scene_make(&scene, scene_h100, counted, SAY("gpu.answers", GPU3, "stalled"),
		   SAY("gpu.call", GPU3, "nvmlDeviceGetMemoryErrorCounter: no answer in 5 s"),
		   NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-count", GPU3), VERDICT_FAIL);
	assert_non_null(
		strstr(scene_finding(&scene, GPU3)->text, "nvmlDeviceGetMemoryErrorCounter"));
}

static void the_number_needs_a_reference(void **state)
{
	static const char seven[] = "gpu.count.pci vendor:nvidia 7\n"
				    "gpu.count.driver vendor:nvidia 7\n"
				    "gpu.count.library library:nvml 7\n";
	static const char four[] = "gpu.count.pci vendor:nvidia 4\n"
				   "gpu.count.driver vendor:nvidia 4\n"
				   "gpu.count.library library:nvml 4\n";
	static const char four_sold[] = "virtual - kvm\n"
					"gpu.count.pci vendor:nvidia 4\n"
					"gpu.count.driver vendor:nvidia 4\n"
					"gpu.count.library library:nvml 4\n";
	static const char seven_sold[] = "virtual - kvm\n"
					 "gpu.count.pci vendor:nvidia 7\n"
					 "gpu.count.driver vendor:nvidia 7\n"
					 "gpu.count.library library:nvml 7\n";
	static const struct scene_case cases[] = {
		{ seven, VERDICT_FAIL },
		{ four, VERDICT_FAIL },
		{ four_sold, VERDICT_UNKNOWN },
		{ seven_sold, VERDICT_FAIL },
		{ "gpu.count.pci vendor:nvidia 16\ngpu.count.driver vendor:nvidia 16\n"
		  "gpu.count.library library:nvml 16\n",
		  VERDICT_UNKNOWN },
		{ "pci.id pci:0000:19:00.0 10de:ffff\ngpu.name gpu:0000:19:00.0 NVIDIA Z9000\n",
		  VERDICT_UNKNOWN },
	};
	SCOPED_SCENE(scene);
	SCOPED_SCENE(good);

	(void)state;
	expect(scene_h100, cases, sizeof(cases) / sizeof(cases[0]));
	scene_make(&good, scene_h100, counted, four, NULL);
	scene_make(&scene, scene_h100, counted, four, NULL);
	scene.input.golden = &good.input.machines[0];
	assert_int_equal(scene_worst(&scene, "gpu-count"), VERDICT_PASS);
	scene_make(&scene, scene_h100, counted, NULL);
	scene.input.golden = &good.input.machines[0];
	assert_int_equal(scene_worst(&scene, "gpu-count"), VERDICT_WARN);
}

static void a_node_that_lost_all_is_not_one_without_gpus(void **state)
{
	static const struct scene_case cases[] = {
		{ "", VERDICT_NOT_APPLICABLE },
		{ "log.gpu-lost - NVRM: GPU at PCI:0000:19:00: GPU has fallen off the bus.\n",
		  VERDICT_FAIL },
		{ "log.gpu-probe - NVRM: The NVIDIA probe routine failed for 1 device(s).\n",
		  VERDICT_FAIL },
		{ "log.lines - ? not permitted\n", VERDICT_UNKNOWN },
		{ "log.lines - -\n", VERDICT_UNKNOWN },
	};
	SCOPED_SCENE(scene);
	SCOPED_SCENE(good);

	(void)state;
	expect(scene_bare, cases, sizeof(cases) / sizeof(cases[0]));
	scene_make(&good, scene_h100, NULL);
	scene_make(&scene, scene_bare, counted, NULL);
	scene.input.golden = &good.input.machines[0];
	assert_int_equal(scene_verdict(&scene, "gpu-count", NULL), VERDICT_FAIL);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, "architecture - x86_64\n", NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-count", NULL), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sources_that_disagree_fail),
		cmocka_unit_test(a_library_that_does_not_work_fails_with_its_words),
		cmocka_unit_test(a_gpu_that_does_not_answer_fails_and_names_the_call),
		cmocka_unit_test(the_number_needs_a_reference),
		cmocka_unit_test(a_node_that_lost_all_is_not_one_without_gpus),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
