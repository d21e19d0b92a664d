#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/curves.h"
#include "test/scene.h"
#include <cmocka.h>

#define NAME "collective-slow-rank"
#define SPEED(rank, value) "test.collective.rank.speed collective:nvlink/rank:" rank " " value "\n"
#define STATE(rank, value) "test.collective.rank.state collective:nvlink/rank:" rank " " value "\n"
#define RAIL_POINT(rail, value) \
	"test.collective.busbw collective:all-gather:rails/1048576/rail:" rail " " value "\n"

static void a_rank_below_its_peers_is_named(void **state)
{
	static const struct {
		const char *speed;
		enum verdict verdict;
	} cases[] = {
		{ SPEED("3", "3.6e11"), VERDICT_PASS },
		{ SPEED("3", "3.4e11"), VERDICT_WARN },
		{ SPEED("3", "1.8e11"), VERDICT_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100,
			   SPEED("0", "3.65e11") SPEED("1", "3.65e11") SPEED("2", "3.65e11"),
			   cases[i].speed, NULL);
		assert_int_equal(scene_worst(&scene, NAME), cases[i].verdict);
		if (cases[i].verdict != VERDICT_PASS)
			assert_non_null(scene_finding(&scene, "collective:nvlink/rank:3"));
	}
}

static void a_slow_rail_is_named(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100,
		   RAIL_POINT("0", "4.8e10") RAIL_POINT("1", "2.4e10") RAIL_POINT("2", "4.8e10"),
		   NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_FAIL);
	assert_non_null(strstr(scene.found.items[0].text, "rail 1"));
}

#define ALONE(nic, bytes, value) POINT("send-receive:nic-mlx5_" nic "/" bytes, "1e-3", value)

static void an_adapter_that_is_slow_alone_is_named(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	/* Of the last the time was over before the largest size. */
	scene_make(&scene, scene_h100,
		   ALONE("0", "1048576", "4.0e10") ALONE("0", "8388608", "4.8e10"),
		   ALONE("1", "1048576", "2.0e10") ALONE("1", "8388608", "2.4e10"),
		   ALONE("2", "1048576", "4.0e10"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_FAIL);
	assert_int_equal(scene.found.count, 1);
	assert_non_null(strstr(scene.found.items[0].text, "adapter mlx5_1 reaches 20.0 GB/s"));
	scene_release(&scene);
	scene_make(&scene, scene_h100, ALONE("0", "1048576", "4.0e10"),
		   ALONE("1", "1048576", "4.0e10"), ALONE("2", "1048576", "3.9e10"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_PASS);
}

static void a_rank_that_hangs_or_died_fails(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, STATE("0", "ok") STATE("1", "hangs") STATE("2", "died"),
		   NULL);
	assert_int_equal(scene_verdict(&scene, NAME, "collective:nvlink/rank:1"), VERDICT_FAIL);
	assert_int_equal(scene_verdict(&scene, NAME, "collective:nvlink/rank:2"), VERDICT_FAIL);
}

static void two_ranks_and_silence_are_unknown(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, SPEED("0", "3e11") SPEED("1", "3e11"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
	scene_release(&scene);
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rank_below_its_peers_is_named),
		cmocka_unit_test(a_slow_rail_is_named),
		cmocka_unit_test(an_adapter_that_is_slow_alone_is_named),
		cmocka_unit_test(a_rank_that_hangs_or_died_fails),
		cmocka_unit_test(two_ranks_and_silence_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
