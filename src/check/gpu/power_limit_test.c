#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char well[] = EIGHT("gpu.power.limit", "700") EIGHT("gpu.power.limit.default", "700");

static void a_limit_below_the_default_fails(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("gpu.power.limit", GPU6, "693"), VERDICT_PASS },
		{ SAY("gpu.power.limit", GPU6, "692"), VERDICT_FAIL },
		{ SAY("gpu.power.limit", GPU6, "500"), VERDICT_FAIL },
		{ SAY("gpu.power.limit", GPU6, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.power.limit.default", GPU6, "-"), VERDICT_PASS },
		{ SAY("gpu.power.limit.default", GPU6, "-") SAY("gpu.power.limit", GPU6, "692"),
		  VERDICT_FAIL },
		{ SAY("gpu.power.limit.default", GPU6, "650") SAY("gpu.power.limit", GPU6, "650"),
		  VERDICT_WARN },
		{ SAY("gpu.power.limit.default", GPU6,
		      "-") "gpu.name " GPU6 " NVIDIA Z9000\npci.id pci:0000:cb:00.0 10de:ffff\n",
		  VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-power-limit") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-power-limit"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-power-limit"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_limit_below_the_default_fails),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
