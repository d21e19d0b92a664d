#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define ALL(value)                                           \
	SAY("test.gemm", GPU0 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm", GPU1 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm", GPU2 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm", GPU3 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm", GPU4 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm", GPU5 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", value) \
	SAY("test.gemm", GPU7 "/bf16:8192x8192x8192", value)

static const char check[] = "gemm-throughput";
static const char well[] = ALL("7.3e14") EIGHT("test.gemm.library", "cublasLt 12.8.3");

static void a_slow_gpu_fails_by_the_row_of_its_model(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		/* 95 and 90 % of the 730 TFLOP/s of line 77 in figures.tsv. */
		{ SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "7.0e14"), VERDICT_PASS },
		{ SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "6.8e14"), VERDICT_WARN },
		{ SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "6.4e14"), VERDICT_FAIL },
		{ ALL("6.0e14"), VERDICT_FAIL },
		/* More than the peak. */
		{ ALL("1.1e15"), VERDICT_WARN },
		{ SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "? cublasLtMatmul stalled"),
		  VERDICT_UNKNOWN },
		{ SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "-"), VERDICT_UNKNOWN },
		{ SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "-")
			  SAY("test.gemm", GPU6 "/bf16:4096x8192x8192", "7.3e14"),
		  VERDICT_UNKNOWN },
		/* No row for a shape of a model: told only. */
		{ SAY("test.gemm", GPU6 "/bf16:4096x7168x2048", "1e14"), VERDICT_PASS },
		{ SAY("test.gemm", GPU6 "/fp32:8192x8192x8192", "5e13"), VERDICT_UNKNOWN },
		{ SAY("test.gemm.format", GPU2 "/fp8", "absent"), VERDICT_FAIL },
		{ SAY("test.gemm.format", GPU2 "/fp8", "present"), VERDICT_PASS },
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
		cmocka_unit_test(a_slow_gpu_fails_by_the_row_of_its_model),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
