#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "user-management";

static void a_node_does_not_show_who_manages_users(void **state)
{
	static const struct verdict_case cases[] = {
		{ "directory", "setting setting:nsswitch:passwd files sss\n", VERDICT_UNKNOWN,
		  "directory" },
		{ "files", "setting setting:nsswitch:passwd files systemd\n", VERDICT_UNKNOWN,
		  "this node alone" },
		{ "stated",
		  "setting setting:nsswitch:passwd files\n"
		  "setting setting:attest:user-management provider says by console\n",
		  VERDICT_UNKNOWN, "stated and not measured" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "setting setting:nsswitch:passwd ? denied\n", VERDICT_UNKNOWN,
		  "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_does_not_show_who_manages_users),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
