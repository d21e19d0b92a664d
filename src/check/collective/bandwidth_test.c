#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/curves.h"
#include "test/scene.h"
#include <cmocka.h>

#define NAME "collective-bandwidth"

static void the_largest_size_is_held_against_the_model(void **state)
{
	static const struct {
		const char *busbw;
		enum verdict verdict;
	} cases[] = {
		{ "4.8e11", VERDICT_PASS },
		{ "3.0e11", VERDICT_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);
		SCOPED_ARENA(arena);

		scene_make(&scene, scene_h100, FAST_CURVE("nvlink"),
			   arena_format(&arena,
					POINT("all-reduce:nvlink/17179869184", "0.06", "%s"),
					cases[i].busbw),
			   NULL);
		assert_int_equal(scene_worst(&scene, NAME), cases[i].verdict);
	}
}

static void an_all_reduce_of_two_nodes_proves_nothing(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, WAY("network", "16", "2"),
		   POINT("all-reduce:network/17179869184", "0.06", "1e11"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_NOT_APPLICABLE);
}

static void more_than_the_links_carry_is_suspect(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, WAY("nvlink", "8", "1"),
		   POINT("all-gather:nvlink/1073741824", "0.001", "9e11"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_WARN);
}

static void no_reference_and_silence_are_unknown(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, WAY("nvlink", "8", "1"),
		   POINT("broadcast:nvlink/1073741824", "0.003", "3.6e11"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
	scene_release(&scene);
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_size_is_held_against_the_model),
		cmocka_unit_test(an_all_reduce_of_two_nodes_proves_nothing),
		cmocka_unit_test(more_than_the_links_carry_is_suspect),
		cmocka_unit_test(no_reference_and_silence_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
