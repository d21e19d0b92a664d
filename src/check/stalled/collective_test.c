#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define TWICE(measure, first, second) \
	EIGHT(measure, first)         \
	EIGHT(measure, second " @60")

#define PORT "rdma:mlx5_0/1/port_xmit_data"

static const char stalled[] = EIGHT("gpu.power.limit", "700") TWICE("gpu.utilisation", "100", "100")
	TWICE("gpu.power", "120", "121") TWICE(
		"gpu.link.traffic", "5000", "6000") "rdma.count - 1\n"
						    "rdma.counter " PORT " 1000\n"
						    "rdma.counter " PORT " 1100 @60\n"
						    "rdma.counter rdma:mlx5_0/1/symbol_error 0\n";

static void all_signs_together_are_a_warning(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_WARN },
		{ TWICE("gpu.utilisation", "95", "95"), VERDICT_WARN },
		{ TWICE("gpu.utilisation", "94", "94"), VERDICT_PASS },
		{ TWICE("gpu.utilisation", "40", "100"), VERDICT_PASS },
		{ TWICE("gpu.utilisation", "100", "40"), VERDICT_PASS },
		{ TWICE("gpu.power", "314", "314"), VERDICT_WARN },
		{ TWICE("gpu.power", "120", "315"), VERDICT_PASS },
		{ TWICE("gpu.power", "315", "120"), VERDICT_PASS },
		/* 60 MB in a minute are still, more move */
		{ TWICE("gpu.link.traffic", "0", "60000000"), VERDICT_WARN },
		{ TWICE("gpu.link.traffic", "0", "60000001"), VERDICT_PASS },
		{ "rdma.counter " PORT " 15001100 @60\n", VERDICT_PASS },
		{ EIGHT("gpu.link.traffic", "-") EIGHT("gpu.link.traffic", "- @60"),
		  VERDICT_UNKNOWN },
		{ EIGHT("gpu.link.traffic", "- @60"), VERDICT_UNKNOWN },
		{ "rdma.counter " PORT " - @60\n", VERDICT_UNKNOWN },
		{ "rdma.counter rdma:mlx5_1/1/port_xmit_data 5\n", VERDICT_UNKNOWN },
		{ "rdma.counter " PORT " -\nrdma.counter " PORT " - @60\n", VERDICT_UNKNOWN },
		{ "rdma.counter " PORT " -\nrdma.counter " PORT " - @60\nrdma.count - 0\n",
		  VERDICT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, stalled, cases[i].lines, NULL);
		if (scene_worst(&scene, "stalled-collective") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void one_look_cannot_tell_a_stall_but_can_deny_one(void **state)
{
	static const char once[] = EIGHT("gpu.power.limit", "700") EIGHT("gpu.utilisation", "100")
		EIGHT("gpu.power", "120");
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, once, NULL);
	assert_int_equal(scene_worst(&scene, "stalled-collective"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, once, EIGHT("gpu.utilisation", "0"), NULL);
	assert_int_equal(scene_worst(&scene, "stalled-collective"), VERDICT_PASS);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "stalled-collective"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, stalled, SAY("gpu.power", GPU0, "? stalled @60"), NULL);
	assert_int_equal(scene_verdict(&scene, "stalled-collective", GPU0), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "stalled-collective"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_signs_together_are_a_warning),
		cmocka_unit_test(one_look_cannot_tell_a_stall_but_can_deny_one),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
