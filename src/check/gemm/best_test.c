#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define ALL(value)                                                 \
	SAY("test.gemm.best", GPU0 "/bf16:2048x2048x13312", value) \
	SAY("test.gemm.best", GPU1 "/bf16:2048x2048x13312", value) \
	SAY("test.gemm.best", GPU2 "/bf16:2048x2048x13312", value) \
	SAY("test.gemm.best", GPU3 "/bf16:2048x2048x13312", value) \
	SAY("test.gemm.best", GPU4 "/bf16:2048x2048x13312", value) \
	SAY("test.gemm.best", GPU5 "/bf16:2048x2048x13312", value) \
	SAY("test.gemm.best", GPU6 "/bf16:2048x2048x13312", value) \
	SAY("test.gemm.best", GPU7 "/bf16:2048x2048x13312", value)

static const char check[] = "gemm-best";
static const char well[] = ALL("7.9e14");

static void a_slow_best_fails_by_its_row_and_its_neighbours(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("test.gemm.best", GPU6 "/bf16:2048x2048x13312", "-")
			  SAY("test.gemm.best", GPU6 "/bf16:4096x4096x8192", "7.8e14"),
		  VERDICT_PASS },
		{ SAY("test.gemm.best", GPU6 "/bf16:2048x2048x13312", "7.4e14"), VERDICT_WARN },
		{ SAY("test.gemm.best", GPU6 "/bf16:2048x2048x13312", "6.9e14"), VERDICT_FAIL },
		{ ALL("5.9e14"), VERDICT_FAIL },
		{ SAY("test.gemm.best", GPU6 "/bf16:2048x2048x13312", "? cuMemAlloc_v2"),
		  VERDICT_UNKNOWN },
		{ SAY("test.gemm.best", GPU6 "/bf16:2048x2048x13312", "-"), VERDICT_UNKNOWN },
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
		cmocka_unit_test(a_slow_best_fails_by_its_row_and_its_neighbours),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
