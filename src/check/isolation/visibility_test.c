#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "isolation-visibility";
static const char base[] = "rdma.count - 1\n"
			   "rdma.layer rdma:mlx5_0/1 infiniband\n"
			   "virtual - none\n"
			   "container - none\n"
			   "isolation.door - open\n"
			   "isolation.answer isolation:walk answered\n";

static void who_else_is_seen(void **state)
{
	static const struct verdict_case cases[] = {
		{ "others",
		  "isolation.count isolation:own 1\n"
		  "isolation.count isolation:foreign 7\n"
		  "isolation.count isolation:switches 2\n",
		  VERDICT_FAIL, "7 adapters" },
		{ "own alone",
		  "isolation.count isolation:own 1\n"
		  "isolation.count isolation:foreign 0\n"
		  "isolation.count isolation:switches 2\n",
		  VERDICT_PASS, "2 switches" },
		{ "cut",
		  "isolation.count isolation:own 1\n"
		  "isolation.count isolation:foreign 0\n"
		  "isolation.count isolation:switches 2\n"
		  "isolation.count isolation:unseen ? all were asked\n",
		  VERDICT_UNKNOWN, "all were asked" },
		{ "others and cut",
		  "isolation.count isolation:own 1\n"
		  "isolation.count isolation:foreign 1\n"
		  "isolation.count isolation:switches 2\n"
		  "isolation.count isolation:unseen ? all were asked\n",
		  VERDICT_FAIL, NULL },
		{ "silence beyond",
		  "isolation.answer isolation:walk silent\n"
		  "isolation.count isolation:own 0\n"
		  "isolation.count isolation:foreign 0\n"
		  "isolation.count isolation:switches 0\n",
		  VERDICT_PASS, "nothing answers" },
		{ "virtual", "isolation.answer isolation:walk unusable\n", VERDICT_UNKNOWN,
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
		cmocka_unit_test(who_else_is_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
