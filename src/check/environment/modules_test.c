#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "environment-modules";

static void installed_is_not_yet_useful(void **state)
{
	static const struct verdict_case cases[] = {
		{ "there",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "software software:lmod 8.7\n",
		  VERDICT_UNKNOWN, "module avail" },
		{ "missing",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "software software:lmod absent\n",
		  VERDICT_WARN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void elsewhere_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "no Slurm",
		  "software software:slurm absent\n"
		  "service service:slurmd absent\n"
		  "service service:slurmctld absent\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "Slurm alone",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(installed_is_not_yet_useful),
		cmocka_unit_test(elsewhere_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
