#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "visible-devices";

static void nothing_that_keeps_jobs_apart_fails(void **state)
{
	static const struct verdict_case cases[] = {
		{ "set",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:TaskPlugin task/cgroup,task/affinity\n"
		  "setting setting:slurm:GresTypes gpu\n",
		  VERDICT_UNKNOWN, "in one" },
		{ "no cgroup",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:TaskPlugin task/affinity\n"
		  "setting setting:slurm:GresTypes gpu\n",
		  VERDICT_FAIL, NULL },
		{ "no gres",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:TaskPlugin task/cgroup\n"
		  "setting setting:slurm:GresTypes unset\n",
		  VERDICT_FAIL, NULL },
		{ "not read",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:TaskPlugin task/cgroup\n"
		  "setting setting:slurm:GresTypes ? denied\n",
		  VERDICT_UNKNOWN, "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void elsewhere_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "no GPU", "", VERDICT_NOT_APPLICABLE, NULL },
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
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_that_keeps_jobs_apart_fails),
		cmocka_unit_test(elsewhere_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
