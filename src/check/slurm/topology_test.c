#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "slurm-topology";

static void none_is_not_a_topology(void **state)
{
	static const struct verdict_case cases[] = {
		{ "tree",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:TopologyPlugin topology/tree\n",
		  VERDICT_PASS, NULL },
		{ "block",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:TopologyPlugin topology/block\n",
		  VERDICT_PASS, NULL },
		{ "none",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:TopologyPlugin topology/none\n",
		  VERDICT_FAIL, NULL },
		{ "not set",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:TopologyPlugin unset\n",
		  VERDICT_FAIL, "not set" },
		{ "something else",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:TopologyPlugin \"tree\"\n",
		  VERDICT_UNKNOWN, NULL },
		{ "not read",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:slurm:TopologyPlugin ? denied\n",
		  VERDICT_UNKNOWN, "denied" },
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
		cmocka_unit_test(none_is_not_a_topology),
		cmocka_unit_test(elsewhere_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
