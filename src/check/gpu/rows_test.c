#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char well[] = EIGHT("gpu.rows.failure", "no") EIGHT("gpu.rows.pending", "no")
	EIGHT("gpu.rows.banks.full", "0");

static void verdicts_follow_the_driver(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("gpu.rows.uncorrected", GPU4, "600"), VERDICT_PASS },
		{ SAY("gpu.rows.failure", GPU4, "yes"), VERDICT_FAIL },
		{ SAY("gpu.rows.failure", GPU4, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.rows.failure", GPU4, "maybe"), VERDICT_UNKNOWN },
		{ SAY("gpu.rows.failure", GPU4, "-"), VERDICT_UNKNOWN },
		{ SAY("gpu.rows.pending", GPU4, "yes"), VERDICT_WARN },
		{ SAY("gpu.rows.pending", GPU4, "-"), VERDICT_UNKNOWN },
		{ SAY("gpu.rows.banks.full", GPU4, "1"), VERDICT_WARN },
		{ SAY("gpu.rows.banks.full", GPU4, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.rows.banks.full", GPU4, "-"), VERDICT_PASS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-rows") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void a_divided_gpu_does_not_tell_and_does_not_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, well, SAY("gpu.partition", GPU0, "mig"),
		   SAY("gpu.rows.failure", GPU0, "-"), SAY("gpu.rows.pending", GPU0, "-"), NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-rows", GPU0), VERDICT_NOT_APPLICABLE);
	assert_string_equal(scene_finding(&scene, NULL)->text,
			    "7 GPUs: no row waits to be replaced, none failed to be, spares are "
			    "left");
}

static void a_gpu_before_ampere_retires_pages(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, EIGHT("gpu.pages.uncorrected", "0"), NULL);
	assert_int_equal(scene_worst(&scene, "gpu-rows"), VERDICT_NOT_APPLICABLE);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-rows"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-rows"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_the_driver),
		cmocka_unit_test(a_divided_gpu_does_not_tell_and_does_not_pass),
		cmocka_unit_test(a_gpu_before_ampere_retires_pages),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
