#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FIRST "gpu:0000:19:00.0"

static const char one_gpu[] = "architecture - x86_64\n"
			      "gpu.count.pci vendor:nvidia 1\n"
			      "gpu.count.pci vendor:amd 0\n"
			      "gpu.library library:nvml ok\n"
			      "gpu.vendor " FIRST " nvidia\n"
			      "gpu.index " FIRST " 0\n"
			      "gpu.name " FIRST " NVIDIA H100 80GB HBM3\n"
			      "gpu.answers " FIRST " ok\n"
			      "gpu.memory.total " FIRST " 85520809984\n"
			      "pci.id pci:0000:19:00.0 10de:2330\n";

static const char fast[] = "test.gpu.memory.bandwidth " FIRST "/copy 2900000000000\n";

static void a_whole_one_that_is_fast_passes(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, one_gpu, fast, "test.gpu.memory.named " FIRST " 84000000000\n",
		   "test.gpu.memory.resident " FIRST " 80000000000\n",
		   "test.gpu.spread " FIRST "/copy 0.4\n", NULL);
	assert_int_equal(scene_worst(&scene, "gpu-genuine"), VERDICT_PASS);
}

static void without_a_speed_it_is_unknown(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, one_gpu, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-genuine"), VERDICT_UNKNOWN);
	scene_make(&scene, one_gpu, "gpu.name " FIRST " NVIDIA Nobody\n", fast, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-genuine"), VERDICT_UNKNOWN);
}

static void each_strong_sign_fails_alone(void **state)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
		{ "pci.id pci:0000:19:00.0 10de:20b2\n", "is of A100-SXM" },
		{ "gpu.name " FIRST " GRID H100-40C\n", "part of a GPU" },
		{ "gpu.partition " FIRST " mig\n", "MIG" },
		{ "gpu.memory.total " FIRST " 42949672960\n", "40.0 GiB of memory" },
		{ "test.gpu.memory.named " FIRST " 85000000000\n"
		  "test.gpu.memory.resident " FIRST " 42000000000\n",
		  "hold what is written" },
		{ "test.gpu.memory.bandwidth " FIRST "/copy 4000000000000\n", "more than" },
	};
	SCOPED_SCENE(scene);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		scene_make(&scene, one_gpu, fast, cases[i].line, NULL);
		assert_int_equal(scene_verdict(&scene, "gpu-genuine", FIRST), VERDICT_FAIL);
		assert_non_null(strstr(scene_finding(&scene, FIRST)->text, cases[i].says));
	}
}

static void a_weak_sign_warns_and_two_fail(void **state)
{
	static const char slow[] = "test.gpu.memory.bandwidth " FIRST "/copy 1500000000000\n";
	static const char jumps[] = "test.gpu.spread " FIRST "/copy 45\n";
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, one_gpu, slow, NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-genuine", FIRST), VERDICT_WARN);
	scene_make(&scene, one_gpu, fast, jumps, NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-genuine", FIRST), VERDICT_WARN);
	scene_make(&scene, one_gpu, slow, jumps, NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-genuine", FIRST), VERDICT_FAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_one_that_is_fast_passes),
		cmocka_unit_test(without_a_speed_it_is_unknown),
		cmocka_unit_test(each_strong_sign_fails_alone),
		cmocka_unit_test(a_weak_sign_warns_and_two_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
