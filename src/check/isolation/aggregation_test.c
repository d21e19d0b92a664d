#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "isolation-aggregation";
static const char base[] = "rdma.count - 1\n"
			   "rdma.layer rdma:mlx5_0/1 infiniband\n"
			   "virtual - none\n"
			   "container - none\n"
			   "isolation.door - open\n";

static void reduction_trees(void **state)
{
	static const struct verdict_case cases[] = {
		{ "shut", "isolation.answer isolation:aggregation silent\n", VERDICT_PASS, NULL },
		{ "open", "isolation.answer isolation:aggregation answered\n", VERDICT_FAIL,
		  "SHARP" },
		{ "not known", "isolation.answer isolation:aggregation unusable\n", VERDICT_UNKNOWN,
		  "not testable" },
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
		cmocka_unit_test(reduction_trees),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
