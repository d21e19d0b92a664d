#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define ALL(value)                                                \
	SAY("test.gemm.vector", GPU0 "/bf16:1x57344x8192", value) \
	SAY("test.gemm.vector", GPU1 "/bf16:1x57344x8192", value) \
	SAY("test.gemm.vector", GPU2 "/bf16:1x57344x8192", value) \
	SAY("test.gemm.vector", GPU3 "/bf16:1x57344x8192", value) \
	SAY("test.gemm.vector", GPU4 "/bf16:1x57344x8192", value) \
	SAY("test.gemm.vector", GPU5 "/bf16:1x57344x8192", value) \
	SAY("test.gemm.vector", GPU6 "/bf16:1x57344x8192", value) \
	SAY("test.gemm.vector", GPU7 "/bf16:1x57344x8192", value)

static const char check[] = "gemm-vector";
static const char well[] = ALL("2.9e12");

static void slow_reading_fails(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("test.gemm.vector", GPU6 "/bf16:1x57344x8192", "2.7e12"), VERDICT_WARN },
		{ SAY("test.gemm.vector", GPU6 "/bf16:1x57344x8192", "2.5e12"), VERDICT_FAIL },
		{ ALL("2.4e12"), VERDICT_WARN },
		{ ALL("2.2e12"), VERDICT_FAIL },
		{ SAY("test.gemm.vector", GPU6 "/bf16:1x57344x8192", "-"), VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, check) != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
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
		cmocka_unit_test(slow_reading_fails),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
