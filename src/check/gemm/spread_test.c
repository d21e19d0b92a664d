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
#define SPREAD(value) SAY("test.gemm.spread", "gpus:all/bf16:8192x8192x8192", value)

static const char check[] = "gemm-spread";
static const char well[] = ALL("7.3e14") SPREAD("0");

static void the_slowest_gpu_is_named_by_how_far_it_is_behind(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "7.0e14") SPREAD("4.1"),
		  VERDICT_PASS },
		{ SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "6.8e14") SPREAD("6.8"),
		  VERDICT_WARN },
		{ SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "6.4e14") SPREAD("12.3"),
		  VERDICT_FAIL },
		{ SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "? vanished"), VERDICT_UNKNOWN },
		{ SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "-"), VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, check) != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void the_finding_is_about_that_gpu(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, well,
		   SAY("test.gemm", GPU6 "/bf16:8192x8192x8192", "6.4e14") SPREAD("12.3"), NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU6 "/bf16:8192x8192x8192"), VERDICT_FAIL);
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
		cmocka_unit_test(the_slowest_gpu_is_named_by_how_far_it_is_behind),
		cmocka_unit_test(the_finding_is_about_that_gpu),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
