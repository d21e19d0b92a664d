#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "nccl-queue-pairs";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "rdma.count - 8\n";

static void one_or_several(void **state)
{
	static const struct verdict_case cases[] = {
		{ "several", "setting setting:nccl:NCCL_IB_QPS_PER_CONNECTION 4\n", VERDICT_PASS,
		  NULL },
		{ "environment first",
		  "setting setting:env:NCCL_IB_QPS_PER_CONNECTION 1\n"
		  "setting setting:nccl:NCCL_IB_QPS_PER_CONNECTION 4\n",
		  VERDICT_WARN, NULL },
		{ "one", "setting setting:nccl:NCCL_IB_QPS_PER_CONNECTION 1\n", VERDICT_WARN,
		  NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void the_default_is_unknown(void **state)
{
	static const struct verdict_case cases[] = {
		{ "default", "setting setting:nccl:NCCL_IB_QPS_PER_CONNECTION unset\n",
		  VERDICT_UNKNOWN, "tiers" },
		{ "garbage", "setting setting:nccl:NCCL_IB_QPS_PER_CONNECTION 2x\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "setting setting:nccl:NCCL_IB_QPS_PER_CONNECTION ? denied\n",
		  VERDICT_UNKNOWN, "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void without_rdma_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare", "", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_or_several),
		cmocka_unit_test(the_default_is_unknown),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_rdma_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
