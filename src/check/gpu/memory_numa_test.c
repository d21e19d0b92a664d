#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char grace[] = "architecture - aarch64\n"
			    "gpu.count.pci vendor:nvidia 1\n"
			    "gpu.vendor " GPU0 " nvidia\n"
			    "gpu.name " GPU0 " NVIDIA GH200 480GB\n"
			    "numa.memory numa:0 500000000000\n"
			    "numa.threads numa:0 72\n"
			    "numa.memory numa:1 0\n"
			    "numa.threads numa:1 0\n"
			    "nvidia.parameter parameter:CoherentGPUMemoryMode driver\n";

static void verdicts_follow_nodes_and_mode(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ "numa.memory numa:1 68719476736\n", VERDICT_WARN },
		{ "numa.memory numa:1 68719476735\n", VERDICT_PASS },
		{ "numa.memory numa:1 1000000000\ngpu.numa " GPU0 " 1\n", VERDICT_WARN },
		{ "numa.memory numa:1 103000000000\nnuma.threads numa:1 72\n", VERDICT_PASS },
		{ "nvidia.parameter parameter:CoherentGPUMemoryMode numa\n", VERDICT_WARN },
		{ "nvidia.parameter parameter:CoherentGPUMemoryMode -\n", VERDICT_UNKNOWN },
		{ "nvidia.parameter parameter:CoherentGPUMemoryMode ? not readable\n",
		  VERDICT_UNKNOWN },
		{ "numa.memory numa:1 ? not readable\n", VERDICT_UNKNOWN },
		{ "numa.threads numa:1 -\n", VERDICT_UNKNOWN },
		{ "gpu.name " GPU0 " ? stalled\n", VERDICT_UNKNOWN },
		{ "gpu.name " GPU0 " -\n", VERDICT_UNKNOWN },
		{ "gpu.name " GPU0 " NVIDIA H100 80GB HBM3\n", VERDICT_NOT_APPLICABLE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, grace, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-memory-numa") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_nodes_and_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
