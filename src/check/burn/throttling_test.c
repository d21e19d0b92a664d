#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define SHARES(gpu, hw, sw, brake, slow, cap)                \
	SAY("test.burn.throttle", gpu "/hw-thermal", hw)     \
	SAY("test.burn.throttle", gpu "/sw-thermal", sw)     \
	SAY("test.burn.throttle", gpu "/power-brake", brake) \
	SAY("test.burn.throttle", gpu "/hw-slowdown", slow)  \
	SAY("test.burn.throttle", gpu "/sw-power", cap)
#define WELL(gpu) SHARES(gpu, "0", "0", "0", "0.5", "98")

static const char well[] =
	WELL(GPU0) WELL(GPU1) WELL(GPU2) WELL(GPU3) WELL(GPU4) WELL(GPU5) WELL(GPU6) WELL(GPU7);

static void each_verdict_has_its_case(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("test.burn.throttle", GPU3 "/sw-thermal", "4"), VERDICT_WARN },
		{ SAY("test.burn.throttle", GPU3 "/hw-thermal", "40"), VERDICT_FAIL },
		{ SAY("test.burn.throttle", GPU3 "/power-brake", "12"), VERDICT_FAIL },
		{ SAY("test.burn.throttle", GPU3 "/sw-power", "100"), VERDICT_PASS },
		{ SAY("test.burn.throttle", GPU3 "/hw-thermal", "-"), VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "burn-throttling") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "burn-throttling"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "burn-throttling"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_verdict_has_its_case),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
