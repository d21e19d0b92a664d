#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "isolation-administration";
static const char base[] = "rdma.count - 1\n"
			   "rdma.layer rdma:mlx5_0/1 infiniband\n"
			   "virtual - none\n"
			   "container - none\n"
			   "isolation.door - open\n"
			   "isolation.answer isolation:sa-nodes silent\n"
			   "isolation.answer isolation:sa-ports refused 0x001c\n"
			   "isolation.answer isolation:sa-forwarding silent\n"
			   "isolation.answer isolation:sa-paths silent\n";

static void what_is_told_of_others(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_PASS, NULL },
		{ "own alone",
		  "isolation.answer isolation:sa-nodes answered\n"
		  "isolation.count isolation:sa-nodes 2\n"
		  "isolation.count isolation:sa-nodes-foreign 0\n"
		  "isolation.answer isolation:sa-ports answered\n",
		  VERDICT_PASS, NULL },
		{ "others",
		  "isolation.answer isolation:sa-nodes answered\n"
		  "isolation.count isolation:sa-nodes 9\n"
		  "isolation.count isolation:sa-nodes-foreign 7\n",
		  VERDICT_FAIL, "7 of them" },
		{ "tables", "isolation.answer isolation:sa-forwarding answered\n", VERDICT_FAIL,
		  "forwarding" },
		{ "paths", "isolation.answer isolation:sa-paths answered\n", VERDICT_WARN,
		  "paths" },
		{ "no manager",
		  "isolation.answer isolation:sa-nodes ? no subnet manager is known\n",
		  VERDICT_UNKNOWN, "no subnet manager" },
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
		cmocka_unit_test(what_is_told_of_others),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
