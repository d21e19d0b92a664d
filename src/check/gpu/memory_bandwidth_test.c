#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define RATE "test.gpu.memory.bandwidth"
#define OF(gpu) gpu "/copy.together"
#define ALL(value)                 \
	SAY(RATE, OF(GPU0), value) \
	SAY(RATE, OF(GPU1), value) \
	SAY(RATE, OF(GPU2), value) \
	SAY(RATE, OF(GPU3), value) \
	SAY(RATE, OF(GPU4), value) \
	SAY(RATE, OF(GPU5), value) SAY(RATE, OF(GPU6), value) SAY(RATE, OF(GPU7), value)

static const char check[] = "gpu-memory-bandwidth";
static const char well[] = ALL("3.0e12");

static void slow_memory_is_found_by_the_model_and_by_its_neighbours(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		/* Half of the peak is below every bar; 2.6 TB/s is well for an H100, and 13 % below
		 * the others; 2.8 TB/s is 7 % below them. */
		{ SAY(RATE, OF(GPU6), "1.6e12"), VERDICT_FAIL },
		{ SAY(RATE, OF(GPU6), "2.6e12"), VERDICT_FAIL },
		{ SAY(RATE, OF(GPU6), "2.8e12"), VERDICT_WARN },
		{ SAY(RATE, OF(GPU6), "2.9e12"), VERDICT_PASS },
		{ SAY(RATE, OF(GPU6), "? cuLaunchKernel stalled"), VERDICT_UNKNOWN },
		{ SAY(RATE, OF(GPU6), "-"), VERDICT_UNKNOWN },
		{ SAY("test.gpu.pattern.errors", OF(GPU6), "1"), VERDICT_FAIL },
		{ ALL("2.2e12"), VERDICT_FAIL },
		/* More than the peak of the model. */
		{ ALL("4.0e12"), VERDICT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, check) != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void a_model_without_a_reference_is_unknown_in_one_finding(void **state)
{
	static const char strange[] = EIGHT("gpu.name", "NVIDIA Z9000");
	static const char ids[] =
		"pci.id pci:0000:19:00.0 10de:ffff\npci.id pci:0000:3b:00.0 10de:ffff\n"
		"pci.id pci:0000:4c:00.0 10de:ffff\npci.id pci:0000:5d:00.0 10de:ffff\n"
		"pci.id pci:0000:9b:00.0 10de:ffff\npci.id pci:0000:bb:00.0 10de:ffff\n"
		"pci.id pci:0000:cb:00.0 10de:ffff\npci.id pci:0000:db:00.0 10de:ffff\n";

	(void)state;
	SCOPED_SCENE(scene);
	scene_make(&scene, scene_h100, well, strange, ids, NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_UNKNOWN);
	assert_int_equal(scene.found.count, 1);
	assert_non_null(strstr(scene.found.items[0].text, "no reference"));
	/* Its neighbours tell of a slow one all the same. */
	scene_make(&scene, scene_h100, well, strange, ids, SAY(RATE, OF(GPU2), "2.5e12"), NULL);
	assert_int_equal(scene_verdict(&scene, check, OF(GPU2)), VERDICT_FAIL);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow_memory_is_found_by_the_model_and_by_its_neighbours),
		cmocka_unit_test(a_model_without_a_reference_is_unknown_in_one_finding),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
