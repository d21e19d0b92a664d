#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "base-packages";

static void some_may_lack_and_most_may_not(void **state)
{
	static const struct verdict_case cases[] = {
		{ "all",
		  "software software:python 3.11.2\n"
		  "software software:git 2.39.5\n"
		  "software software:curl 7.88.1\n"
		  "software software:vim 9.0\n",
		  VERDICT_PASS, NULL },
		{ "two lack",
		  "software software:python 3.11.2\n"
		  "software software:git absent\n"
		  "software software:curl 7.88.1\n"
		  "software software:vim absent\n",
		  VERDICT_WARN, "git, vim" },
		{ "three lack",
		  "software software:python 3.11.2\n"
		  "software software:git absent\n"
		  "software software:curl absent\n"
		  "software software:vim absent\n",
		  VERDICT_FAIL, NULL },
		{ "there without a version",
		  "software software:python 3.11.2\n"
		  "software software:git ? no file tells\n"
		  "software software:curl 7.88.1\n"
		  "software software:vim 9.0\n"
		  "software.path software:git /usr/bin/git\n",
		  VERDICT_PASS, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "one not read",
		  "software software:python 3.11.2\n"
		  "software software:git 2.39.5\n"
		  "software software:curl 7.88.1\n"
		  "software software:vim ? denied\n",
		  VERDICT_UNKNOWN, "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_may_lack_and_most_may_not),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
