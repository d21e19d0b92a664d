#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "slurm-health-program";

static void a_name_is_not_a_program(void **state)
{
	static const struct verdict_case cases[] = {
		{ "not set",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:HealthCheckProgram unset\n",
		  VERDICT_FAIL, "sick node" },
		{ "not there",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:HealthCheckProgram /nonexistent/dcgm.sh\n"
		  "file file:/nonexistent/dcgm.sh absent\n",
		  VERDICT_FAIL, "not there" },
		{ "never run",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:HealthCheckProgram /usr/sbin/nhc\n"
		  "file file:/usr/sbin/nhc file 0755 0\n"
		  "setting setting:slurm:HealthCheckInterval 0\n",
		  VERDICT_FAIL, "never run" },
		{ "run",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:HealthCheckProgram /usr/sbin/nhc\n"
		  "file file:/usr/sbin/nhc file 0755 0\n"
		  "setting setting:slurm:HealthCheckInterval 300\n",
		  VERDICT_UNKNOWN, "300 s" },
		{ "named only",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:HealthCheckProgram /usr/sbin/dcgm.sh\n"
		  "setting setting:slurm:HealthCheckInterval 300\n",
		  VERDICT_UNKNOWN, "a name proves" },
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
		cmocka_unit_test(a_name_is_not_a_program),
		cmocka_unit_test(elsewhere_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
