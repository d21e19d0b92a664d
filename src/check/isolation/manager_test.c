#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "isolation-manager";
static const char base[] = "rdma.count - 1\n"
			   "rdma.layer rdma:mlx5_0/1 infiniband\n"
			   "virtual - none\n"
			   "container - none\n"
			   "isolation.door - open\n"
			   "isolation.answer isolation:manager silent\n";

static void ways_to_a_manager(void **state)
{
	static const struct verdict_case cases[] = {
		{ "shut", "", VERDICT_PASS, NULL },
		{ "told", "isolation.answer isolation:manager answered\n", VERDICT_WARN,
		  "priority" },
		{ "any user", "file file:/dev/infiniband/issm0 device 0666 0\n", VERDICT_FAIL,
		  "any user" },
		{ "root of bare metal", "file file:/dev/infiniband/issm0 device 0600 0\n",
		  VERDICT_WARN, "root" },
		{ "in a container",
		  "container - docker\n"
		  "file file:/dev/infiniband/issm0 device 0600 0\n",
		  VERDICT_FAIL, "inside" },
		{ "not a manager", "file file:/dev/infiniband/umad0 device 0600 0\n", VERDICT_PASS,
		  NULL },
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
		cmocka_unit_test(ways_to_a_manager),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
