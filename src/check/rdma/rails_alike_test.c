#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/rails.h"
#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

#define RAN(index, value) "test.rdma.bandwidth rdma:mlx5_" index "/1/write:65536 " value "\n"

static const char well[] =
	RAILS RAN("0", "4.90e10") RAN("1", "4.91e10") RAN("2", "4.89e10") RAN("3", "4.90e10");

static const struct verdict_case cases[] = {
	{ "well", "", VERDICT_PASS, "4 runs" },
	{ "a little slower", RAN("2", "4.6e10"), VERDICT_WARN, "6 % below" },
	{ "much slower", RAN("2", "2.4e10"), VERDICT_FAIL, "51 % below" },
	{ "one failed", RAN("2", "? the port is down"), VERDICT_UNKNOWN, "the port is down" },
	{ "two are no majority", RAN("2", "-") RAN("3", "-"), VERDICT_UNKNOWN, "fewer than 3" },
	{ "another rate is no peer", "rdma.rate rdma:mlx5_2/1 200\n" RAN("2", "2.4e10"),
	  VERDICT_PASS, "3 runs" },
};

static void verdicts_follow_what_was_measured(void **state)
{
	(void)state;
	VERDICTS_HOLD("rdma-rails-alike", well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, RAILS, NULL);
	assert_int_equal(scene_worst(&scene, "rdma-rails-alike"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "rdma-rails-alike"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_measured),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
