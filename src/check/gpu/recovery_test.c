#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include <cmocka.h>

#define FIRST "gpu:0000:19:00.0"

static const char well[] = "gpu.recovery gpu:0000:19:00.0 none\n"
			   "gpu.recovery gpu:0000:3b:00.0 none\n"
			   "gpu.recovery gpu:0000:4c:00.0 none\n"
			   "gpu.recovery gpu:0000:5d:00.0 none\n"
			   "gpu.recovery gpu:0000:9b:00.0 none\n"
			   "gpu.recovery gpu:0000:bb:00.0 none\n"
			   "gpu.recovery gpu:0000:cb:00.0 none\n"
			   "gpu.recovery gpu:0000:db:00.0 none\n";

static void all_that_ask_for_nothing_pass_together(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, well, NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-recovery", NULL), VERDICT_PASS);
	assert_int_equal(scene.found.count, 1);
	assert_string_equal(scene.found.items[0].text, "8 GPUs: the driver asks for nothing");
	assert_non_null(scene.found.items[0].evidence[0]);
}

static void each_action_fails_and_is_passed_on(void **state)
{
	static const struct {
		const char *line, *action;
	} cases[] = {
		{ "gpu.recovery " FIRST " reset-gpu\n", "drain; reset the GPU" },
		{ "gpu.recovery " FIRST " reboot-node\n", "drain; reboot the node" },
		{ "gpu.recovery " FIRST " drain-and-reset\n",
		  "drain; let the jobs end; reset the GPU" },
		{ "gpu.recovery " FIRST " drain-p2p\n",
		  "drain what uses peer-to-peer copies of this GPU; reset it when it is idle" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].line, NULL);
		assert_int_equal(scene_verdict(&scene, "gpu-recovery", FIRST), VERDICT_FAIL);
		assert_string_equal(scene_finding(&scene, FIRST)->action, cases[i].action);
		assert_non_null(scene_finding(&scene, FIRST)->clears);
	}
}

static void silence_and_strange_words_are_unknown_not_a_pass(void **state)
{
	static const char *const lines[] = {
		"gpu.recovery " FIRST " -\n",
		"gpu.recovery " FIRST " -\nnvidia.driver - 570.86.15\n",
		"gpu.recovery " FIRST " ? nvmlDeviceGetFieldValues stalled\n",
		"gpu.recovery " FIRST " polish\n",
		"gpu.vendor " FIRST " ? nobody knows\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, lines[i], NULL);
		assert_int_equal(scene_worst(&scene, "gpu-recovery"), VERDICT_UNKNOWN);
	}
}

static void a_driver_before_r565_cannot_tell(void **state)
{
	SCOPED_SCENE(scene);
	SCOPED_SCENE(later);

	(void)state;
	scene_make(&scene, scene_h100, "nvidia.driver - 550.90.07\n", NULL);
	assert_int_equal(scene_worst(&scene, "gpu-recovery"), VERDICT_NOT_APPLICABLE);
	scene_make(&later, scene_h100, "nvidia.driver - 565.57.01\n", NULL);
	assert_int_equal(scene_worst(&later, "gpu-recovery"), VERDICT_UNKNOWN);
}

static void a_node_without_nvidia_is_not_asked(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-recovery", NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_ask_for_nothing_pass_together),
		cmocka_unit_test(each_action_fails_and_is_passed_on),
		cmocka_unit_test(silence_and_strange_words_are_unknown_not_a_pass),
		cmocka_unit_test(a_driver_before_r565_cannot_tell),
		cmocka_unit_test(a_node_without_nvidia_is_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
