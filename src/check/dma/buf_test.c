#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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
	{ "nvidia.driver.kind - proprietary\n", VERDICT_FAIL },
	{ "nvidia.driver.kind - proprietary\n"
	  "module module:nvidia_peermem loaded\n",
	  VERDICT_WARN },
	{ "nvidia.driver.kind - proprietary\n"
	  "module module:nvidia_peermem -\n",
	  VERDICT_UNKNOWN },
	{ "kernel - 5.12.0\n", VERDICT_UNKNOWN },
	{ "kernel - 5.11.9\n", VERDICT_FAIL },
	{ "kernel - mine\n", VERDICT_UNKNOWN },
	{ "rdma.count - 0\n", VERDICT_NOT_APPLICABLE },
	{ "gpu.count.pci vendor:nvidia 0\n"
	  "gpu.count.pci vendor:amd 8\n"
	  "module module:amdgpu loaded\n"
	  "nvidia.driver.kind - -\n",
	  VERDICT_UNKNOWN },
	{ "gpu.count.pci vendor:nvidia 0\n"
	  "gpu.count.pci vendor:amd 8\n"
	  "module module:amdgpu absent\n",
	  VERDICT_FAIL },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("dma-buf", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "dma-buf"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "dma-buf"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
