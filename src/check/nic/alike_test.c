#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/rails.h"
#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = RAILS;

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "rdma.firmware rdma:mlx5_3 28.39.1002\n", VERDICT_WARN },
	{ "rdma.board rdma:mlx5_3 MT_0000000123\n", VERDICT_WARN },
	{ "rdma.firmware rdma:mlx5_3 -\n", VERDICT_UNKNOWN },
	{ "rdma.firmware rdma:mlx5_3 ? refused\n", VERDICT_UNKNOWN },
	{ "rdma.model rdma:mlx5_3 MT4131\n", VERDICT_WARN },
	{ "rdma.firmware rdma:mlx5_0 28.0.1\n"
	  "rdma.firmware rdma:mlx5_1 28.1.1\n"
	  "rdma.firmware rdma:mlx5_2 28.2.1\n"
	  "rdma.firmware rdma:mlx5_3 28.3.1\n"
	  "rdma.firmware rdma:mlx5_4 28.4.1\n"
	  "rdma.firmware rdma:mlx5_5 28.5.1\n"
	  "rdma.firmware rdma:mlx5_6 28.6.1\n"
	  "rdma.firmware rdma:mlx5_7 28.7.1\n",
	  VERDICT_WARN },
	{ "rdma.state rdma:mlx5_8/1 active\n"
	  "rdma.layer rdma:mlx5_8/1 ethernet\n"
	  "rdma.model rdma:mlx5_8 MT41692\n"
	  "rdma.rate rdma:mlx5_8/1 100\n"
	  "rdma.firmware rdma:mlx5_8 32.1.1\n",
	  VERDICT_PASS },
	{ "rdma.firmware rdma:mlx5_0 -\n"
	  "rdma.firmware rdma:mlx5_1 -\n"
	  "rdma.firmware rdma:mlx5_2 -\n"
	  "rdma.firmware rdma:mlx5_3 -\n"
	  "rdma.firmware rdma:mlx5_4 -\n"
	  "rdma.firmware rdma:mlx5_5 -\n"
	  "rdma.firmware rdma:mlx5_6 -\n"
	  "rdma.firmware rdma:mlx5_7 -\n",
	  VERDICT_UNKNOWN },
	{ "rdma.state rdma:mlx5_1/1 -\n"
	  "rdma.state rdma:mlx5_2/1 -\n"
	  "rdma.state rdma:mlx5_3/1 -\n"
	  "rdma.state rdma:mlx5_4/1 -\n"
	  "rdma.state rdma:mlx5_5/1 -\n"
	  "rdma.state rdma:mlx5_6/1 -\n"
	  "rdma.state rdma:mlx5_7/1 -\n",
	  VERDICT_NOT_APPLICABLE },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("nic-alike", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "nic-alike"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "nic-alike"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
