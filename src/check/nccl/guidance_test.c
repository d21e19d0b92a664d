#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "nccl-guidance";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "nccl.file nccl-file:/etc/nccl.conf read\n"
			   "nccl.version - 2.28.9\n";

static void a_setting_is_judged_by_the_version(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_PASS, "2.28.9" },
		{ "both views", "setting setting:nccl:NCCL_IB_GID_INDEX 3\n", VERDICT_WARN,
		  "ClusterMAX" },
		{ "the default said", "setting setting:nccl:NCCL_IB_GID_INDEX -1\n", VERDICT_PASS,
		  NULL },
		{ "older",
		  "nccl.version - 2.20.5\n"
		  "setting setting:nccl:NCCL_IB_GID_INDEX 3\n",
		  VERDICT_PASS, NULL },
		{ "older and unset",
		  "nccl.version - 2.20.5\n"
		  "rdma.layer rdma:mlx5_0/1 ethernet\n",
		  VERDICT_WARN, "RoCE v2" },
		{ "version unknown",
		  "nccl.version - ? not read\n"
		  "setting setting:nccl:NCCL_IB_GID_INDEX 3\n",
		  VERDICT_UNKNOWN, "from 2.21" },
		{ "file of an old library",
		  "nccl.version - 2.20.5\n"
		  "setting setting:env:NCCL_CONF_FILE /x\n",
		  VERDICT_FAIL, "2.23" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void paths_that_are_taken_away_are_told(void **state)
{
	static const struct verdict_case cases[] = {
		{ "environment", "setting setting:env:NCCL_IB_DISABLE 1\n", VERDICT_FAIL, "RDMA" },
		{ "file is judged elsewhere", "setting setting:nccl:NCCL_IB_DISABLE 1\n",
		  VERDICT_PASS, "but what nccl-settings tells" },
		{ "file, and no GPU that the other check would apply to",
		  "gpu.count.pci vendor:nvidia 0\n"
		  "setting setting:nccl:NCCL_IB_DISABLE 1\n",
		  VERDICT_FAIL, "the system's file: RDMA" },
		{ "the transport in lower case", "setting setting:env:NCCL_NET socket\n",
		  VERDICT_FAIL, "RDMA" },
		{ "buffers in the old way", "setting setting:nccl:NCCL_CUMEM_ENABLE 0\n",
		  VERDICT_WARN, "symmetric" },
		{ "rails", "setting setting:nccl-user:NCCL_PXN_DISABLE 1\n", VERDICT_WARN,
		  "the user's file" },
		{ "LL128 out", "setting setting:env:NCCL_PROTO ^LL128\n", VERDICT_WARN, "LL128" },
		{ "LL128 not in", "setting setting:env:NCCL_PROTO LL,Simple\n", VERDICT_WARN,
		  "LL128" },
		{ "LL128 forced", "setting setting:env:NCCL_PROTO LL128\n", VERDICT_FAIL,
		  "corrupted" },
		{ "LL out", "setting setting:env:NCCL_PROTO ^LL\n", VERDICT_PASS, NULL },
		{ "short timeout", "setting setting:nccl:NCCL_IB_TIMEOUT 14\n", VERDICT_WARN,
		  "20" },
		{ "long timeout", "setting setting:nccl:NCCL_IB_TIMEOUT 22\n", VERDICT_PASS, NULL },
		{ "old form", "setting setting:env:NCCL_NET_GDR_LEVEL 5\n", VERDICT_WARN, "PHB" },
		{ "environment is stronger",
		  "setting setting:env:NCCL_PXN_DISABLE 0\n"
		  "setting setting:nccl:NCCL_PXN_DISABLE 1\n",
		  VERDICT_PASS, NULL },
		{ "dma-buf off, way unknown", "setting setting:env:NCCL_DMABUF_ENABLE 0\n",
		  VERDICT_UNKNOWN, "memory of GPUs" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "nccl.file nccl-file:/etc/nccl.conf ? denied\n", VERDICT_UNKNOWN,
		  "denied" },
		{ "version alone", "nccl.version - 2.28.9\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_setting_is_judged_by_the_version),
		cmocka_unit_test(paths_that_are_taken_away_are_told),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
