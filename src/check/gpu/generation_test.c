#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static void verdicts_follow_the_family(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "gpu.name " GPU0 " NVIDIA B200\npci.id pci:0000:19:00.0 10de:2901\n",
		  VERDICT_PASS },
		{ "gpu.name " GPU0 " NVIDIA GB300\npci.id pci:0000:19:00.0 10de:31c2\n",
		  VERDICT_PASS },
		{ "gpu.name " GPU0 " NVIDIA H100 80GB HBM3\npci.id pci:0000:19:00.0 10de:2330\n",
		  VERDICT_WARN },
		{ "gpu.name " GPU0 " NVIDIA A100-SXM4-80GB\npci.id pci:0000:19:00.0 10de:20b2\n",
		  VERDICT_FAIL },
		{ "gpu.name " GPU0 " NVIDIA Z9000\npci.id pci:0000:19:00.0 10de:ffff\n",
		  VERDICT_UNKNOWN },
		{ "gpu.vendor " GPU0 " amd\ngpu.name " GPU0 " AMD Instinct MI300X\n"
		  "pci.id pci:0000:19:00.0 1002:74a1\n",
		  VERDICT_WARN },
		{ "", VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, "gpu.count.pci vendor:nvidia 1\ngpu.vendor " GPU0 " nvidia\n",
			   cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-generation") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void no_profile_of_health_asks(void **state)
{
	(void)state;
	assert_int_equal(check_find("gpu-generation")->check->profiles, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_the_family),
		cmocka_unit_test(no_profile_of_health_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
