#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define GPU "gpu:0000:19:00.0"
#define REPLAYS(pci, n) "gpu.pcie.replays gpu:" pci " " n "\n"

static const char check[] = "pcie-replays";
static const char quiet[] = REPLAYS("0000:19:00.0", "0") REPLAYS("0000:3b:00.0", "0")
	REPLAYS("0000:4c:00.0", "0") REPLAYS("0000:5d:00.0", "0") REPLAYS("0000:9b:00.0", "0")
		REPLAYS("0000:bb:00.0", "0") REPLAYS("0000:cb:00.0", "0")
			REPLAYS("0000:db:00.0", "0") "gpu.pcie.width " GPU
						     " 16\ngpu.pcie.generation.maximum " GPU " 5\n";

static enum verdict verdict_of(const char *lines, const char *device)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_h100, quiet, lines, NULL);
	return scene_verdict(&scene, check, device);
}

static void counters_that_stand_still_pass(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("", NULL), VERDICT_PASS);
}

/* Generation 5, 16 lanes: 31 a minute. */
static void the_bit_error_rate_is_the_bar(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("gpu.pcie.replays " GPU " 62 @120\n", NULL), VERDICT_PASS);
	assert_int_equal(verdict_of("gpu.pcie.replays " GPU " 63 @120\n", GPU), VERDICT_FAIL);
	assert_int_equal(verdict_of("gpu.pcie.replays " GPU " 63 @120\n"
				    "gpu.pcie.generation.maximum " GPU " 6\n",
				    NULL),
			 VERDICT_PASS);
}

static void a_short_window_is_widened_to_the_start_of_the_machine(void **state)
{
	(void)state;
	/* 1000 in a day is little; within 10 s it would be far too much. */
	assert_int_equal(verdict_of("gpu.pcie.replays " GPU " 1000 @10\n", NULL), VERDICT_PASS);
	assert_int_equal(verdict_of("gpu.pcie.replays " GPU " 1000 @10\nuptime - 1200\n", GPU),
			 VERDICT_FAIL);
}

static void since_the_start_counts_when_there_was_one_look(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("gpu.pcie.replays " GPU " 44640\n", NULL), VERDICT_PASS);
	assert_int_equal(verdict_of("gpu.pcie.replays " GPU " 44700\n", GPU), VERDICT_FAIL);
}

static void a_machine_that_has_just_started_is_unknown(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("uptime - 59\n", GPU), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("uptime - 60\n", NULL), VERDICT_PASS);
	assert_int_equal(verdict_of("uptime - -\n", GPU), VERDICT_UNKNOWN);
}

static void replays_of_a_link_that_is_not_known_are_unknown(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("gpu.pcie.replays " GPU " 5\ngpu.pcie.width " GPU " -\n", GPU),
			 VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("gpu.pcie.replays " GPU " 5\n"
				    "gpu.pcie.generation.maximum " GPU " -\n"
				    "pci.link.speed.maximum pci:0000:19:00.0 32\n",
				    NULL),
			 VERDICT_PASS);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("gpu.pcie.replays " GPU " ? stalled\n", GPU), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("gpu.pcie.replays " GPU " -\n", GPU), VERDICT_UNKNOWN);
}

static void without_a_gpu_it_does_not_apply(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_that_stand_still_pass),
		cmocka_unit_test(the_bit_error_rate_is_the_bar),
		cmocka_unit_test(a_short_window_is_widened_to_the_start_of_the_machine),
		cmocka_unit_test(since_the_start_counts_when_there_was_one_look),
		cmocka_unit_test(a_machine_that_has_just_started_is_unknown),
		cmocka_unit_test(replays_of_a_link_that_is_not_known_are_unknown),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
