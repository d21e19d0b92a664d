#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define ALL(value)                                                     \
	SAY("test.gemm.differing", GPU0 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm.differing", GPU1 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm.differing", GPU2 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm.differing", GPU3 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm.differing", GPU4 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm.differing", GPU5 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm.differing", GPU6 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm.differing", GPU7 "/bf16:8192x8192x8192", value)

static const char check[] = "gemm-exact";
static const char well[] = ALL("0") EIGHT("test.gemm.library", "cublasLt 12.8.3");

static void one_wrong_bit_fails(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("test.gemm.differing", GPU6 "/bf16:8192x8192x8192", "1"), VERDICT_FAIL },
		{ SAY("test.gemm.exact", GPU6 "/bf16", "0"), VERDICT_PASS },
		{ SAY("test.gemm.exact", GPU6 "/bf16", "1"), VERDICT_FAIL },
		{ SAY("test.gemm.exact", GPU6 "/bf16", "3")
			  SAY("test.gemm.fault", GPU6 "/bf16", "row 2, column 44: 3 instead of 4"),
		  VERDICT_FAIL },
		{ SAY("test.gemm.exact", GPU6 "/bf16", "? cublasLtMatmul stalled"),
		  VERDICT_UNKNOWN },
		{ SAY("test.gemm.differing", GPU6 "/bf16:8192x8192x8192", "-"), VERDICT_UNKNOWN },
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
		cmocka_unit_test(one_wrong_bit_fails),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
