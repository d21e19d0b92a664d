#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define ERRORS "test.gpu.pattern.errors"

static const char check[] = "gpu-memory-pattern";

#define WELL(gpu)                                          \
	SAY(ERRORS, gpu "/address", "0")                   \
	SAY(ERRORS, gpu "/random", "0")                    \
	SAY("test.gpu.ecc.corrected", gpu, "0")            \
	SAY("test.gpu.ecc.uncorrected", gpu, "0")          \
	SAY("test.gpu.memory.named", gpu, "84942913536")   \
	SAY("test.gpu.pattern.tested", gpu, "84406042624") \
	SAY("test.gpu.memory.resident", gpu, "84406042624")

static const char well[] =
	WELL(GPU0) WELL(GPU1) WELL(GPU2) WELL(GPU3) WELL(GPU4) WELL(GPU5) WELL(GPU6) WELL(GPU7);

static void wrong_words_counted_errors_and_missing_memory_are_found(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY(ERRORS, GPU4 "/random", "1"), VERDICT_FAIL },
		{ SAY(ERRORS, GPU4 "/random", "? cuStreamSynchronize stalled"), VERDICT_UNKNOWN },
		/* A copy's errors are another check's. */
		{ SAY(ERRORS, GPU4 "/host:numa:0", "1"), VERDICT_PASS },
		{ SAY("test.gpu.ecc.uncorrected", GPU4, "1"), VERDICT_FAIL },
		{ SAY("test.gpu.ecc.uncorrected", GPU4, "? not supported"), VERDICT_UNKNOWN },
		{ SAY("test.gpu.ecc.corrected", GPU4, "3"), VERDICT_WARN },
		{ SAY("test.gpu.memory.resident", GPU4, "40e9"), VERDICT_FAIL },
		{ SAY("test.gpu.memory.named", GPU4, "42471456768")
			  SAY("test.gpu.pattern.tested", GPU4, "42e9")
				  SAY("test.gpu.memory.resident", GPU4, "42e9"),
		  VERDICT_FAIL },
		{ SAY("test.gpu.pattern.tested", GPU4, "20e9")
			  SAY("test.gpu.memory.resident", GPU4, "20e9"),
		  VERDICT_UNKNOWN },
		{ SAY(ERRORS, GPU4 "/address", "-") SAY(ERRORS, GPU4 "/random", "-"),
		  VERDICT_UNKNOWN },
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
		cmocka_unit_test(wrong_words_counted_errors_and_missing_memory_are_found),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
