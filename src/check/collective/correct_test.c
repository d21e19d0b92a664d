#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/curves.h"
#include "test/scene.h"
#include <cmocka.h>

#define NAME "collective-correct"
#define POINT_A "all-reduce:nvlink/1024"
#define POINT_B "all-gather:nvlink/1024"

static void exact_results_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, RESULT(POINT_A, "2048", "0") RESULT(POINT_B, "2048", "0"),
		   NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_PASS);
	assert_non_null(strstr(scene.found.items[0].text, "4096 elements in 2 results"));
}

static void one_wrong_element_fails_and_names_the_rank(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, RESULT(POINT_A, "2048", "0") RESULT(POINT_B, "2048", "1"),
		   "test.collective.rank.wrong collective:" POINT_B "/rank:5 1\n"
		   "test.collective.rank.source collective:" POINT_B "/rank:2 1\n"
		   "test.collective.rank.gpu collective:nvlink/rank:5 node7 gpu:0000:bb:00.0\n",
		   NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_FAIL);
	assert_non_null(strstr(scene_finding(&scene, "collective:" POINT_B)->text,
			       "received by rank 5 (node7 gpu:0000:bb:00.0); sent by rank 2"));
}

static void nothing_compared_and_silence_are_unknown(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, RESULT(POINT_A, "0", "0"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
	scene_release(&scene);
	scene_make(&scene, scene_h100,
		   "test.collective.wrong collective:" POINT_A " ? rank 3 died\n", NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
	scene_release(&scene);
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_results_pass),
		cmocka_unit_test(one_wrong_element_fails_and_names_the_rank),
		cmocka_unit_test(nothing_compared_and_silence_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
