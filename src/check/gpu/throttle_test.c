#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

struct scene_case {
	const char *lines;
	enum verdict verdict;
};

static void expect(const char *base, const struct scene_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, base, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-throttle") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void one_look_warns_of_what_is_not_normal(void **state)
{
	static const struct scene_case cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("gpu.throttle", GPU1, "idle"), VERDICT_PASS },
		{ SAY("gpu.throttle", GPU1, "sw-power"), VERDICT_PASS },
		{ SAY("gpu.throttle", GPU1, "application+sync"), VERDICT_PASS },
		{ SAY("gpu.throttle", GPU1, "hw-slowdown"), VERDICT_WARN },
		{ SAY("gpu.throttle", GPU1, "hw-slowdown+hw-thermal"), VERDICT_WARN },
		{ SAY("gpu.throttle", GPU1, "sw-power+sw-thermal"), VERDICT_WARN },
		{ SAY("gpu.throttle", GPU1, "power-brake"), VERDICT_WARN },
		{ SAY("gpu.throttle", GPU1, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.throttle", GPU1, "-"), VERDICT_UNKNOWN },
	};

	(void)state;
	expect(EIGHT("gpu.throttle", "none"), cases, sizeof(cases) / sizeof(cases[0]));
}

#define ROSE(measure, seconds) SAY(measure, GPU1, "100") SAY(measure, GPU1, seconds " @100")

static void time_in_the_state_decides(void **state)
{
	static const struct scene_case cases[] = {
		{ ROSE("gpu.throttle.thermal", "100"), VERDICT_PASS },
		{ ROSE("gpu.throttle.thermal", "100.9"), VERDICT_PASS },
		{ ROSE("gpu.throttle.thermal", "101"), VERDICT_WARN },
		{ ROSE("gpu.throttle.thermal", "159"), VERDICT_WARN },
		{ ROSE("gpu.throttle.thermal", "160"), VERDICT_FAIL },
		{ ROSE("gpu.throttle.board", "160"), VERDICT_FAIL },
		{ ROSE("gpu.throttle.power", "200"), VERDICT_PASS },
		{ SAY("gpu.throttle.board", GPU1, "? stalled"), VERDICT_UNKNOWN },
		/* a day up: 863 s are under 1 % */
		{ SAY("gpu.throttle.thermal", GPU1, "863"), VERDICT_PASS },
		{ SAY("gpu.throttle.thermal", GPU1, "864"), VERDICT_WARN },
		{ SAY("gpu.throttle.thermal", GPU1, "864") "uptime - ? unreadable\n",
		  VERDICT_UNKNOWN },
	};

	(void)state;
	expect(EIGHT("gpu.throttle", "none"), cases, sizeof(cases) / sizeof(cases[0]));
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-throttle"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-throttle"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_look_warns_of_what_is_not_normal),
		cmocka_unit_test(time_in_the_state_decides),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
