#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "isolation-management-key";
static const char base[] = "rdma.count - 1\n"
			   "rdma.layer rdma:mlx5_0/1 infiniband\n"
			   "virtual - none\n"
			   "container - none\n"
			   "isolation.door - open\n"
			   "isolation.answer isolation:switch answered\n"
			   "isolation.protection isolation:switch 2\n";

static void levels_of_protection(void **state)
{
	static const struct verdict_case cases[] = {
		{ "guarded",
		  "isolation.answer isolation:own-port answered\n"
		  "isolation.protection isolation:own-port 3\n",
		  VERDICT_PASS, NULL },
		{ "silent", "isolation.answer isolation:own-port silent\n", VERDICT_PASS, NULL },
		{ "level 1",
		  "isolation.answer isolation:own-port answered\n"
		  "isolation.protection isolation:own-port 1\n"
		  "isolation.key isolation:own-port not-shown\n",
		  VERDICT_WARN, "level 1" },
		{ "none",
		  "isolation.answer isolation:own-port answered\n"
		  "isolation.protection isolation:own-port 0\n"
		  "isolation.key isolation:own-port not-shown\n",
		  VERDICT_FAIL, "no management key" },
		{ "shown",
		  "isolation.answer isolation:own-port answered\n"
		  "isolation.protection isolation:own-port 0\n"
		  "isolation.key isolation:own-port shown\n",
		  VERDICT_FAIL, "shows its management key" },
		{ "virtual", "isolation.answer isolation:own-port unusable\n", VERDICT_UNKNOWN,
		  "not testable" },
		{ "one is not known", "isolation.answer isolation:own-port ? broken\n",
		  VERDICT_UNKNOWN, "broken" },
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
		cmocka_unit_test(levels_of_protection),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
