#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "nccl-reduction";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "rdma.count - 1\n"
			   "rdma.layer rdma:mlx5_0/1 infiniband\n"
			   "nccl.version - 2.28.9\n"
			   "nccl.library - /usr/lib/libnccl.so.2\n"
			   "nccl.interface nccl-interface:collnet 9+10+11\n";

static void available_against_used(void **state)
{
	static const struct verdict_case cases[] = {
		{ "used",
		  "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so net:9 collnet:9\n"
		  "setting setting:env:NCCL_COLLNET_ENABLE 1\n",
		  VERDICT_PASS, "environment" },
		{ "not used", "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so net:9 collnet:9\n",
		  VERDICT_WARN, "nothing" },
		{ "switched off",
		  "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so net:9 collnet:9\n"
		  "setting setting:nccl:NCCL_COLLNET_ENABLE 0\n",
		  VERDICT_WARN, NULL },
		{ "not available", "setting setting:nccl:NCCL_COLLNET_ENABLE 1\n", VERDICT_FAIL,
		  "no plug-in" },
		{ "too old a plug-in",
		  "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so net:6 collnet:6\n"
		  "setting setting:nccl:NCCL_COLLNET_ENABLE 1\n",
		  VERDICT_FAIL, NULL },
		{ "neither", "", VERDICT_UNKNOWN, "aggregation" },
		{ "none of SHARP",
		  "service service:sharp-am absent\nservice service:sharpd absent\n"
		  "file file:/opt/mellanox/sharp absent\nfile file:/opt/hpcx/sharp absent\n",
		  VERDICT_UNKNOWN, "nor sharp_am, sharpd" },
		{ "installed, and no plug-in",
		  "service service:sharpd running\n"
		  "file file:/opt/mellanox/sharp folder 0755 0\n",
		  VERDICT_WARN, "sharpd runs, /opt/mellanox/sharp is there" },
		{ "installed, with a plug-in",
		  "service service:sharp-am running\n"
		  "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so net:9 collnet:9\n",
		  VERDICT_WARN,
		  "available, and not used: a plug-in can reduce in the network "
		  "(SHARP; sharp_am runs)" },
		{ "a job used it",
		  "nccl.log.reduction - used\n"
		  "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so net:9 collnet:9\n",
		  VERDICT_PASS, "log shows" },
		{ "a job could not", "nccl.log.reduction - failed\n", VERDICT_FAIL, "could not" },
		{ "set up alone", "nccl.log.reduction - set-up\n", VERDICT_UNKNOWN, "TUNING" },
		{ "switched on, and a job did not",
		  "nccl.log.reduction - loaded\n"
		  "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so net:9 collnet:9\n"
		  "setting setting:env:NCCL_COLLNET_ENABLE 1\n",
		  VERDICT_WARN, "shows none" },
		{ "no InfiniBand", "rdma.layer rdma:mlx5_0/1 ethernet\n", VERDICT_NOT_APPLICABLE,
		  NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing",
		  "rdma.count - 1\n"
		  "rdma.layer rdma:mlx5_0/1 infiniband\n",
		  VERDICT_UNKNOWN, NULL },
		{ "version alone",
		  "rdma.count - 1\n"
		  "rdma.layer rdma:mlx5_0/1 infiniband\n"
		  "nccl.version - 2.28.9\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(available_against_used),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
