#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "kernel-perf";

static void open_or_closed(void **state)
{
	static const struct verdict_case cases[] = {
		{ "open",
		  "setting setting:sysctl:kernel.perf_event_paranoid 1\n"
		  "setting setting:sysctl:kernel.kptr_restrict 0\n",
		  VERDICT_PASS, NULL },
		{ "wide open",
		  "setting setting:sysctl:kernel.perf_event_paranoid -1\n"
		  "setting setting:sysctl:kernel.kptr_restrict 0\n",
		  VERDICT_PASS, NULL },
		{ "one of two",
		  "setting setting:sysctl:kernel.perf_event_paranoid 2\n"
		  "setting setting:sysctl:kernel.kptr_restrict 0\n",
		  VERDICT_WARN, NULL },
		{ "pointers",
		  "setting setting:sysctl:kernel.perf_event_paranoid 1\n"
		  "setting setting:sysctl:kernel.kptr_restrict 1\n",
		  VERDICT_WARN, NULL },
		{ "debian",
		  "setting setting:sysctl:kernel.perf_event_paranoid 3\n"
		  "setting setting:sysctl:kernel.kptr_restrict 2\n",
		  VERDICT_WARN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "one", "setting setting:sysctl:kernel.perf_event_paranoid 1\n", VERDICT_UNKNOWN,
		  NULL },
		{ "garbage",
		  "setting setting:sysctl:kernel.perf_event_paranoid x\n"
		  "setting setting:sysctl:kernel.kptr_restrict 0\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_or_closed),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
