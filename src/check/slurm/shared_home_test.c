#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "slurm-shared-home";

static void local_or_shared(void **state)
{
	static const struct verdict_case cases[] = {
		{ "local",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "mount.type mount:/home ext4\n",
		  VERDICT_FAIL, NULL },
		{ "part of the root",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "mount.type mount:/ xfs\n",
		  VERDICT_FAIL, NULL },
		{ "shared",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "mount.type mount:/home nfs4\n"
		  "mount.type mount:/ ext4\n",
		  VERDICT_UNKNOWN, "quota" },
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
		{ "not read",
		  "software software:slurm 24.05.4\n"
		  "service service:slurmd running\n"
		  "service service:slurmctld absent\n"
		  "mount.type mount:/home ? stalled\n",
		  VERDICT_UNKNOWN, "stalled" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local_or_shared),
		cmocka_unit_test(elsewhere_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
