#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "isolation-multicast";
static const char base[] = "rdma.count - 1\n"
			   "rdma.layer rdma:mlx5_0/1 infiniband\n"
			   "virtual - none\n"
			   "container - none\n"
			   "isolation.door - open\n";

static void groups(void **state)
{
	static const struct verdict_case cases[] = {
		{ "listed",
		  "isolation.answer isolation:sa-multicast answered\n"
		  "isolation.count isolation:sa-multicast 3\n",
		  VERDICT_WARN, "3 memberships" },
		{ "refused", "isolation.answer isolation:sa-multicast refused 0x001c\n",
		  VERDICT_UNKNOWN, "not testable" },
		{ "not known", "isolation.answer isolation:sa-multicast unusable\n",
		  VERDICT_UNKNOWN, "not testable" },
		{ "door closed",
		  "isolation.door - closed\n"
		  "isolation.answer - ? no permission\n",
		  VERDICT_UNKNOWN, "not testable" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "open and nothing asked", "isolation.door - open\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
