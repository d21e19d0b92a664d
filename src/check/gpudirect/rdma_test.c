#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "rdma.count - 8\n"
			   "kernel - 6.8.0-60-generic\n"
			   "nvidia.driver.kind - open\n"
			   "module module:ib_uverbs loaded\n"
			   "module module:nvidia_peermem absent\n"
			   "module module:nv_peer_mem absent\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_UNKNOWN },
	{ "module module:nvidia_peermem 580.95.05\n", VERDICT_PASS },
	{ "module module:nv_peer_mem 1.3\n", VERDICT_PASS },
	{ "nvidia.driver.kind - proprietary\n", VERDICT_FAIL },
	{ "nvidia.driver.kind - proprietary\n"
	  "module module:nvidia_peermem loaded\n",
	  VERDICT_PASS },
	{ "nvidia.driver.kind - proprietary\n"
	  "module module:nvidia_peermem ? refused\n",
	  VERDICT_UNKNOWN },
	{ "kernel - 5.11.0\n", VERDICT_FAIL },
	{ "kernel - ? refused\n", VERDICT_UNKNOWN },
	{ "module module:ib_uverbs absent\n", VERDICT_FAIL },
	{ "nvidia.driver.kind - -\n", VERDICT_UNKNOWN },
	{ "rdma.count - 0\n", VERDICT_NOT_APPLICABLE },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("gpudirect-rdma", scene_h100, well, cases);
}

static void parts_of_dma_buf_prove_nothing(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, well, NULL);
	assert_int_equal(scene_verdict(&scene, "gpudirect-rdma", NULL), VERDICT_UNKNOWN);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "only by a transfer"));
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "gpudirect-rdma"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "gpudirect-rdma"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(parts_of_dma_buf_prove_nothing),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
