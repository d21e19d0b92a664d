#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define RATE "test.gpu.copy.host"
#define INTO(gpu) gpu "/to:numa:0"
#define OUT(gpu) gpu "/from:numa:0"
#define BOTH_WAYS(gpu) SAY(RATE, INTO(gpu), "55e9") SAY(RATE, OUT(gpu), "54e9")

static const char check[] = "gpu-host-copy";
static const char well[] = BOTH_WAYS(GPU0) BOTH_WAYS(GPU1) BOTH_WAYS(GPU2) BOTH_WAYS(GPU3)
	BOTH_WAYS(GPU4) BOTH_WAYS(GPU5) BOTH_WAYS(GPU6) BOTH_WAYS(GPU7);
static const char links[] =
	EIGHT("gpu.pcie.generation.maximum", "5") EIGHT("gpu.pcie.width.maximum", "16");

static void a_slow_direction_is_found(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY(RATE, OUT(GPU3), "26e9"), VERDICT_FAIL },
		/* The bar that others use is 48 GB/s. */
		{ SAY(RATE, INTO(GPU3), "47e9"), VERDICT_FAIL },
		{ SAY(RATE, INTO(GPU3), "51.5e9"), VERDICT_WARN },
		{ SAY(RATE, INTO(GPU3), "? cuMemcpyHtoDAsync_v2 stalled"), VERDICT_UNKNOWN },
		{ SAY(RATE, INTO(GPU3), "-") SAY(RATE, OUT(GPU3), "-"), VERDICT_UNKNOWN },
		{ SAY("test.gpu.pattern.errors", GPU3 "/host:numa:0", "2"), VERDICT_FAIL },
		/* All at once, and both ways, are the build's. */
		{ SAY(RATE, GPU3 "/to:numa:0.together", "10e9"), VERDICT_PASS },
		{ SAY(RATE, GPU3 "/both:numa:0", "30e9"), VERDICT_PASS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, links, well, cases[i].lines, NULL);
		if (scene_worst(&scene, check) != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void a_far_node_is_no_reason_to_fail(void **state)
{
	static const char far[] = SAY("pci.numa", "pci:0000:19:00.0", "0")
		SAY(RATE, GPU0 "/to:numa:1", "38e9") SAY(RATE, GPU0 "/from:numa:1", "38e9");

	(void)state;
	SCOPED_SCENE(scene);
	scene_make(&scene, scene_h100, links, well, far, NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_PASS);
	/* Without the near one it is not known. */
	scene_make(&scene, scene_h100, links, well, far, SAY(RATE, INTO(GPU0), "-"),
		   SAY(RATE, OUT(GPU0), "-"), NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU0), VERDICT_UNKNOWN);
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
		cmocka_unit_test(a_slow_direction_is_found),
		cmocka_unit_test(a_far_node_is_no_reason_to_fail),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
