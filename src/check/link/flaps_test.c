#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "net.kind net:eth0 physical\n"
			   "net.carrier-changes net:eth0 2\n"
			   "net.carrier-changes net:eth0 2 @3600\n"
			   "net.kind net:br0 virtual\n"
			   "booted - 1764028800\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "net.carrier-changes net:eth0 4 @3600\n", VERDICT_WARN },
	{ "net.carrier-changes net:eth0 10 @3600\n", VERDICT_WARN },
	{ "net.carrier-changes net:eth0 12 @3600\n", VERDICT_FAIL },
	{ "net.carrier-changes net:eth0 - @3600\n"
	  "net.carrier-changes net:eth0 3\n",
	  VERDICT_PASS },
	{ "net.carrier-changes net:eth0 - @3600\n"
	  "net.carrier-changes net:eth0 4\n",
	  VERDICT_WARN },
	{ "net.carrier-changes net:eth0 - @3600\n"
	  "net.carrier-changes net:eth0 -\n",
	  VERDICT_UNKNOWN },
	{ "net.carrier-changes net:eth0 ? refused @3600\n", VERDICT_UNKNOWN },
	{ "net.carrier-changes net:br0 99\n", VERDICT_PASS },
	{ "net.carrier-changes net:eth0 4 @3600\n"
	  "rdma.net rdma:mlx5_0/1 net:eth0\n"
	  "rdma.layer rdma:mlx5_0/1 infiniband\n",
	  VERDICT_FAIL },
	{ "rdma.counter rdma:mlx5_3/1/link_downed 0\n"
	  "rdma.counter rdma:mlx5_3/1/link_downed 1 @3600\n"
	  "rdma.layer rdma:mlx5_3/1 infiniband\n",
	  VERDICT_FAIL },
	{ "rdma.counter rdma:mlx5_3/1/link_downed 0\n"
	  "rdma.counter rdma:mlx5_3/1/link_downed 1 @3600\n"
	  "rdma.layer rdma:mlx5_3/1 ethernet\n",
	  VERDICT_WARN },
	{ "rdma.counter rdma:mlx5_3/1/link_downed 3\n", VERDICT_PASS },
	{ "rdma.counter rdma:mlx5_3/1/link_downed 4\n", VERDICT_WARN },
	{ "log.link net:eth0 eth0: Link is Down 0 @1000\n"
	  "log.link net:eth0 eth0: Link is Down 1 @1600\n"
	  "log.link net:eth0 eth0: Link is Down 2 @2200\n"
	  "log.link net:eth0 eth0: Link is Down 3 @2800\n",
	  VERDICT_PASS },
	{ "log.link net:eth0 eth0: Link is Down 0 @1000\n"
	  "log.link net:eth0 eth0: Link is Down 1 @1600\n"
	  "log.link net:eth0 eth0: Link is Down 2 @2200\n"
	  "log.link net:eth1 eth1: Link is Down 0 @1000\n"
	  "log.link net:eth1 eth1: Link is Down 1 @1600\n"
	  "log.link net:eth1 eth1: Link is Down 2 @2200\n",
	  VERDICT_PASS },
	{ "net.carrier-changes net:eth0 4 @3600\n"
	  "rdma.net rdma:mlx5_0/1 net:eth9\n"
	  "rdma.layer rdma:mlx5_0/1 infiniband\n",
	  VERDICT_WARN },
	{ "log.link net:eth0 eth0: Link is Down 0 @1000\n"
	  "log.link net:eth0 eth0: Link is Down 1 @1600\n"
	  "log.link net:eth0 eth0: Link is Down 2 @2200\n"
	  "log.link net:eth0 eth0: Link is Down 3 @2800\n"
	  "log.link net:eth0 eth0: Link is Down 4 @3400\n",
	  VERDICT_FAIL },
	{ "log.link net:eth0 eth0: Link is Down 0 @1000\n"
	  "log.link net:eth0 eth0: Link is Down 1 @2200\n"
	  "log.link net:eth0 eth0: Link is Down 2 @3400\n"
	  "log.link net:eth0 eth0: Link is Down 3 @4600\n"
	  "log.link net:eth0 eth0: Link is Down 4 @5800\n",
	  VERDICT_PASS },
	{ "booted - 1764115200\n"
	  "log.link net:eth0 eth0: Link is Down 0 @1000\n"
	  "log.link net:eth0 eth0: Link is Down 1 @1001\n"
	  "log.link net:eth0 eth0: Link is Down 2 @1002\n"
	  "log.link net:eth0 eth0: Link is Down 3 @1003\n"
	  "log.link net:eth0 eth0: Link is Down 4 @1004\n",
	  VERDICT_FAIL },
	{ "booted - 1764115200\n"
	  "log.link net:eth0 eth0: Link is Down 0 @1\n"
	  "log.link net:eth0 eth0: Link is Down 1 @11\n"
	  "log.link net:eth0 eth0: Link is Down 2 @21\n"
	  "log.link net:eth0 eth0: Link is Down 3 @31\n"
	  "log.link net:eth0 eth0: Link is Down 4 @41\n"
	  "log.link net:eth0 eth0: Link is Down 5 @51\n"
	  "log.link net:eth0 eth0: Link is Down 6 @61\n"
	  "log.link net:eth0 eth0: Link is Down 7 @71\n"
	  "log.link net:eth0 eth0: Link is Down 8 @81\n",
	  VERDICT_PASS },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("link-flaps", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "link-flaps"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "link-flaps"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, "net.kind net:br0 virtual\n", NULL);
	assert_int_equal(scene_worst(&scene, "link-flaps"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
