#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "slurm-node-ssh";

static void a_node_does_not_show_it_even_when_it_is_stated(void **state)
{
	static const struct verdict_case cases[] = {
		{ "plain",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n",
		  VERDICT_UNKNOWN, NULL },
		{ "stated",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "setting setting:attest:node-ssh provider says yes\n",
		  VERDICT_UNKNOWN, "stated and not measured" },
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
		cmocka_unit_test(a_node_does_not_show_it_even_when_it_is_stated),
		cmocka_unit_test(elsewhere_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
