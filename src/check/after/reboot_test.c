#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "after-reboot";
static const char base[] = "uptime - 600\n"
			   "service service:nvidia-fabricmanager absent\n"
			   "service service:nvidia-persistenced absent\n"
			   "service service:nvidia-imex absent\n"
			   "service service:slurmd running\n"
			   "service service:munge running\n"
			   "service service:kubelet absent\n"
			   "service service:containerd absent\n"
			   "service service:sssd absent\n";

static void back_whole_or_not(void **state)
{
	static const struct verdict_case cases[] = {
		{ "whole", "", VERDICT_PASS, NULL },
		{ "one is missing", "service service:slurmd stopped\n", VERDICT_WARN, "slurmd" },
		{ "later it may have been mended", "uptime - 86400\n", VERDICT_UNKNOWN, NULL },
		{ "too soon",
		  "uptime - 299\n"
		  "service service:slurmd stopped\n",
		  VERDICT_UNKNOWN, NULL },
		{ "from there on", "uptime - 300\n", VERDICT_PASS, NULL },
		{ "at the end", "uptime - 3600\n", VERDICT_PASS, NULL },
		{ "behind it", "uptime - 3601\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "uptime - -\n", VERDICT_UNKNOWN, NULL },
		{ "services not known", "uptime - 600\n", VERDICT_UNKNOWN, NULL },
		{ "one not known",
		  "uptime - 600\n"
		  "service service:slurmd running\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(back_whole_or_not),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
