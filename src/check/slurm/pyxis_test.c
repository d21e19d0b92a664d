#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "slurm-pyxis";

static void all_three_have_to_be_there(void **state)
{
	static const struct verdict_case cases[] = {
		{ "all",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "software software:pyxis 0.20.0\n"
		  "setting setting:plugstack:pyxis /usr/lib/slurm/spank_pyxis.so\n"
		  "software software:enroot 3.5.0\n",
		  VERDICT_PASS, NULL },
		{ "not named",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "software software:pyxis 0.20.0\n"
		  "setting setting:plugstack:pyxis unset\n"
		  "software software:enroot 3.5.0\n",
		  VERDICT_FAIL, "pyxis" },
		{ "no enroot",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "software software:pyxis 0.20.0\n"
		  "setting setting:plugstack:pyxis x\n"
		  "software software:enroot absent\n",
		  VERDICT_FAIL, NULL },
		{ "one not known",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "software software:pyxis 0.20.0\n"
		  "setting setting:plugstack:pyxis x\n",
		  VERDICT_UNKNOWN, NULL },
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
		cmocka_unit_test(all_three_have_to_be_there),
		cmocka_unit_test(elsewhere_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
