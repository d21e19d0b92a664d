#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "nccl-overrides";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "setting setting:nccl:NCCL_ALGO unset\n"
			   "setting setting:nccl:NCCL_PROTO unset\n"
			   "setting setting:nccl:NCCL_MIN_NCHANNELS unset\n"
			   "setting setting:env:NCCL_ALGO unset\n"
			   "setting setting:env:NCCL_PROTO unset\n"
			   "setting setting:env:NCCL_MIN_NCHANNELS unset\n";

static void forced_or_free(void **state)
{
	static const struct verdict_case cases[] = {
		{ "free", "", VERDICT_PASS, NULL },
		{ "file", "setting setting:nccl:NCCL_ALGO Ring\n", VERDICT_FAIL, "NCCL_ALGO=Ring" },
		{ "environment", "setting setting:env:NCCL_PROTO Simple\n", VERDICT_FAIL,
		  "environment" },
		{ "channels", "setting setting:env:NCCL_MIN_NCHANNELS 32\n", VERDICT_FAIL, NULL },
		{ "threads", "setting setting:nccl:NCCL_NTHREADS 512\n", VERDICT_FAIL, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void a_comment_forces_nothing(void **state)
{
	static const struct verdict_case cases[] = {
		{ "# NCCL_ALGO=Ring", "setting setting:nccl:NCCL_ALGO unset\n", VERDICT_PASS,
		  NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "file only",
		  "setting setting:nccl:NCCL_ALGO unset\n"
		  "setting setting:nccl:NCCL_PROTO unset\n"
		  "setting setting:nccl:NCCL_MIN_NCHANNELS unset\n",
		  VERDICT_UNKNOWN, NULL },
		{ "not read", "setting setting:nccl:NCCL_ALGO ? denied\n", VERDICT_UNKNOWN,
		  "denied" },
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
		cmocka_unit_test(forced_or_free),
		cmocka_unit_test(a_comment_forces_nothing),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
