#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "nccl-settings";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "rdma.count - 2\n"
			   "rdma.driver rdma:mlx5_0 mlx5_core\n"
			   "rdma.driver rdma:mlx5_1 mlx5_core\n";

static void wrong_excess_and_minimal(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing set", "setting setting:nccl:NCCL_IB_HCA unset\n", VERDICT_PASS, NULL },
		{ "needed", "setting setting:nccl:NCCL_IB_HCA =mlx5_0:1,mlx5_1\n", VERDICT_PASS,
		  NULL },
		{ "a beginning", "setting setting:nccl:NCCL_IB_HCA mlx5\n", VERDICT_PASS, NULL },
		{ "any name",
		  "rdma.driver rdma:ibp65s0 mlx5_core\n"
		  "setting setting:nccl:NCCL_IB_HCA =ibp65s0\n",
		  VERDICT_PASS, NULL },
		{ "excluded", "setting setting:nccl:NCCL_IB_HCA ^mlx5_9\n", VERDICT_PASS, NULL },
		{ "not there", "setting setting:nccl:NCCL_IB_HCA =mlx5_0,mlx5_9\n", VERDICT_FAIL,
		  "mlx5_9" },
		{ "a longer name is another", "setting setting:nccl:NCCL_IB_HCA =mlx5\n",
		  VERDICT_FAIL, NULL },
		{ "harmful",
		  "setting setting:nccl:NCCL_IB_HCA unset\n"
		  "setting setting:nccl:NCCL_IB_DISABLE 1\n",
		  VERDICT_FAIL, "RDMA is not used" },
		{ "harmless value",
		  "setting setting:nccl:NCCL_IB_HCA unset\n"
		  "setting setting:nccl:NCCL_IB_TIMEOUT 22\n",
		  VERDICT_PASS, NULL },
		{ "excess",
		  "setting setting:nccl:NCCL_IB_HCA unset\n"
		  "setting setting:nccl:NCCL_BUFFSIZE 8388608\n",
		  VERDICT_WARN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void a_comment_is_not_a_line(void **state)
{
	static const struct verdict_case cases[] = {
		{ "commented",
		  "setting setting:nccl:NCCL_IB_HCA unset\n"
		  "setting setting:nccl:NCCL_IB_DISABLE unset\n",
		  VERDICT_PASS, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "setting setting:nccl:NCCL_IB_HCA ? denied\n", VERDICT_UNKNOWN,
		  "denied" },
		{ "another one", "setting setting:nccl:NCCL_CROSS_NIC 1\n", VERDICT_UNKNOWN, NULL },
		{ "adapters not known", "setting setting:nccl:NCCL_IB_HCA \"\\\n", VERDICT_UNKNOWN,
		  "not known" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void without_a_gpu_it_does_not_apply(void **state)
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
		cmocka_unit_test(wrong_excess_and_minimal),
		cmocka_unit_test(a_comment_is_not_a_line),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
