#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "isolation-classes";
static const char base[] = "rdma.count - 1\n"
			   "rdma.layer rdma:mlx5_0/1 infiniband\n"
			   "virtual - none\n"
			   "container - none\n"
			   "isolation.door - open\n"
			   "isolation.answer isolation:vendor silent\n"
			   "isolation.answer isolation:congestion refused 0x000c\n"
			   "isolation.answer isolation:node-to-node silent\n"
			   "isolation.answer isolation:counters silent\n";

static void each_class_is_a_door(void **state)
{
	static const struct verdict_case cases[] = {
		{ "shut", "", VERDICT_PASS, "4 classes" },
		{ "vendor", "isolation.answer isolation:vendor answered\n", VERDICT_FAIL,
		  "vs_key" },
		{ "congestion", "isolation.answer isolation:congestion answered\n", VERDICT_FAIL,
		  "cc_key" },
		{ "node to node", "isolation.answer isolation:node-to-node answered\n",
		  VERDICT_FAIL, "n2n_key" },
		{ "counters", "isolation.answer isolation:counters answered\n", VERDICT_WARN,
		  "performance" },
		{ "no switch",
		  "isolation.answer isolation:vendor ? the LID of no switch is known\n",
		  VERDICT_UNKNOWN, "no switch" },
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
		cmocka_unit_test(each_class_is_a_door),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
