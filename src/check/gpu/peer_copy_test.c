#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define RATE "test.gpu.copy.peer"
#define TO3(gpu) gpu "/to:0000:5d:00.0"

static const char check[] = "gpu-peer-copy";
/* All to one, and that one to the next. */
static const char well[] = SAY(RATE, TO3(GPU0), "390e9") SAY(RATE, TO3(GPU1), "390e9")
	SAY(RATE, TO3(GPU2), "390e9") SAY(RATE, GPU3 "/to:0000:9b:00.0", "390e9")
		SAY(RATE, TO3(GPU4), "390e9") SAY(RATE, TO3(GPU5), "390e9")
			SAY(RATE, TO3(GPU6), "390e9") SAY(RATE, TO3(GPU7), "390e9")
				SAY(RATE, GPU0 "/both:0000:5d:00.0", "760e9");

static void a_weak_or_a_closed_way_between_two_is_found(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY(RATE, TO3(GPU6), "200e9"), VERDICT_FAIL },
		{ SAY(RATE, TO3(GPU6), "362e9"), VERDICT_WARN },
		{ SAY(RATE, TO3(GPU6), "? nothing heard"), VERDICT_UNKNOWN },
		{ SAY("test.gpu.peer.access", TO3(GPU6), "host"), VERDICT_FAIL },
		{ SAY("test.gpu.peer.access", TO3(GPU6), "direct"), VERDICT_PASS },
		{ SAY("test.gpu.pattern.errors", TO3(GPU6), "1"), VERDICT_FAIL },
		{ SAY(RATE, GPU0 "/both:0000:5d:00.0", "400e9"), VERDICT_FAIL },
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
		cmocka_unit_test(a_weak_or_a_closed_way_between_two_is_found),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
