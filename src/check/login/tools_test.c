#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "login-tools";

static void small_gaps_warn_and_a_bare_image_fails(void **state)
{
	static const struct verdict_case cases[] = {
		{ "all",
		  "software software:python 3\n"
		  "software software:git 2\n"
		  "software software:curl 7\n"
		  "software software:vim 9\n"
		  "software software:tmux 3.3\n"
		  "software software:htop 3.2\n"
		  "software software:build-essential 12.9\n",
		  VERDICT_PASS, NULL },
		{ "gaps",
		  "software software:python 3\n"
		  "software software:git 2\n"
		  "software software:curl 7\n"
		  "software software:vim 9\n"
		  "software software:tmux absent\n"
		  "software software:htop absent\n"
		  "software software:build-essential absent\n",
		  VERDICT_WARN, NULL },
		{ "bare",
		  "software software:python 3\n"
		  "software software:git 2\n"
		  "software software:curl 7\n"
		  "software software:vim absent\n"
		  "software software:tmux absent\n"
		  "software software:htop absent\n"
		  "software software:build-essential absent\n",
		  VERDICT_FAIL, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "some",
		  "software software:python 3\n"
		  "software software:git 2\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_gaps_warn_and_a_bare_image_fails),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
