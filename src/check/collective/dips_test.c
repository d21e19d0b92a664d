#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/curves.h"
#include "test/scene.h"
#include <cmocka.h>

#define NAME "collective-dips"

static void a_curve_that_grows_passes(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, FAST_CURVE("nvlink"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_PASS);
}

static void the_largest_fall_is_named_with_both_sizes(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, FAST_CURVE("nvlink"),
		   POINT("all-reduce:nvlink/268435456", "0.002", "2.35e11"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_WARN);
	assert_non_null(strstr(scene.found.items[0].text, "between 16 MiB"));
	assert_non_null(strstr(scene.found.items[0].text, "256 MiB"));
}

static void two_points_and_silence_are_unknown(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, WAY("nvlink", "8", "1"),
		   POINT("all-reduce:nvlink/1024", "1e-5", "1e8"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
	scene_release(&scene);
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_curve_that_grows_passes),
		cmocka_unit_test(the_largest_fall_is_named_with_both_sizes),
		cmocka_unit_test(two_points_and_silence_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
