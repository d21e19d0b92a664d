#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "nic-firmware-floor";
static const char base[] = "virtual - none\n"
			   "rdma.count - 2\n"
			   "rdma.driver rdma:mlx5_0 mlx5_core\n"
			   "rdma.driver rdma:mlx5_1 mlx5_core\n";

static void each_adapter_is_held_against_its_train(void **state)
{
	static const struct verdict_case cases[] = {
		{ "all fit",
		  "rdma.firmware rdma:mlx5_0 28.43.8002\n"
		  "rdma.firmware rdma:mlx5_1 28.43.8002\n",
		  VERDICT_PASS, "2 adapters" },
		{ "one is old",
		  "rdma.firmware rdma:mlx5_0 28.43.8002\n"
		  "rdma.firmware rdma:mlx5_1 28.43.3608\n",
		  VERDICT_FAIL, "43.8002" },
		{ "a train nobody knows",
		  "rdma.firmware rdma:mlx5_0 28.99.0001\n"
		  "rdma.firmware rdma:mlx5_1 28.43.8002\n",
		  VERDICT_UNKNOWN, "no floor" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void other_makers_are_left_out(void **state)
{
	static const struct verdict_case cases[] = {
		{ "efa",
		  "rdma.count - 1\n"
		  "rdma.driver rdma:efa_0 efa\n"
		  "rdma.firmware rdma:efa_0 1\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "no firmware", "", VERDICT_UNKNOWN, NULL },
		{ "one is not read",
		  "rdma.firmware rdma:mlx5_0 28.43.8002\n"
		  "rdma.firmware rdma:mlx5_1 ? stalled\n",
		  VERDICT_UNKNOWN, "stalled" },
		{ "driver not known",
		  "rdma.driver rdma:mlx5_0 ? denied\n"
		  "rdma.driver rdma:mlx5_1 ? denied\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void without_an_adapter_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "none", "", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_adapter_is_held_against_its_train),
		cmocka_unit_test(other_makers_are_left_out),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_an_adapter_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
