#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "isolation-spoofing";
static const char base[] = "rdma.count - 1\n"
			   "rdma.layer rdma:mlx5_0/1 infiniband\n"
			   "virtual - none\n"
			   "container - none\n"
			   "isolation.door - open\n";

static void what_is_stated_is_no_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing stated", "", VERDICT_UNKNOWN, "not testable" },
		{ "stated", "setting setting:attest:fabric-guid-spoofing it is on\n",
		  VERDICT_UNKNOWN, "it is on" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_stated_is_no_pass),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
