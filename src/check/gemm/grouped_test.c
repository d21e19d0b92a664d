#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define ALL(value)                                                     \
	SAY("test.gemm.grouped", GPU0 "/bf16:512x4096x7168*32", value) \
	SAY("test.gemm.grouped", GPU1 "/bf16:512x4096x7168*32", value) \
	SAY("test.gemm.grouped", GPU2 "/bf16:512x4096x7168*32", value) \
	SAY("test.gemm.grouped", GPU3 "/bf16:512x4096x7168*32", value) \
	SAY("test.gemm.grouped", GPU4 "/bf16:512x4096x7168*32", value) \
	SAY("test.gemm.grouped", GPU5 "/bf16:512x4096x7168*32", value) \
	SAY("test.gemm.grouped", GPU6 "/bf16:512x4096x7168*32", value) \
	SAY("test.gemm.grouped", GPU7 "/bf16:512x4096x7168*32", value)

static const char check[] = "gemm-grouped";
static const char well[] = ALL("5e14");

static void neighbours_judge_where_nobody_published_figures(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_UNKNOWN },
		{ SAY("test.gemm.grouped", GPU6 "/bf16:512x4096x7168*32", "4.0e14"), VERDICT_FAIL },
		{ ALL("1.2e15"), VERDICT_WARN },
		{ SAY("test.gemm.grouped", GPU6 "/bf16:512x4096x7168*32", "-"), VERDICT_UNKNOWN },
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
		cmocka_unit_test(neighbours_judge_where_nobody_published_figures),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
