#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/verdicts.h"
#include <cmocka.h>

static const char check[] = "nccl-network";

static void a_fall_back_is_named(void **state)
{
	static const struct verdict_case cases[] = {
		{ "RDMA and GPUDirect",
		  "nccl.log.network nccl-log:IB 16\nnccl.log.channel nccl-log:net 8\n"
		  "nccl.log.channel nccl-log:net/direct 8\n",
		  VERDICT_PASS, NULL },
		{ "TCP", "nccl.log.network nccl-log:Socket 16\n", VERDICT_FAIL, "plain TCP" },
		{ "one rank over TCP",
		  "nccl.log.network nccl-log:IB 15\nnccl.log.network nccl-log:Socket 1\n",
		  VERDICT_FAIL, "1 rank used" },
		{ "through the host",
		  "nccl.log.network nccl-log:IB 16\nnccl.log.channel nccl-log:net 8\n"
		  "nccl.log.channel nccl-log:net/direct 6\n",
		  VERDICT_FAIL, "2 of 8 connections" },
		{ "one node", "nccl.log.channel nccl-log:net 0\n", VERDICT_UNKNOWN, "one node" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fall_back_is_named),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
