#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "mpi-library";

#define SLURM                                                               \
	"software software:slurm 24.05.4\nservice service:slurmd running\n" \
	"service service:slurmctld absent\n"

static void missing_generic_hidden_and_default(void **state)
{
	static const struct verdict_case cases[] = {
		{ "default",
		  SLURM "software software:hpcx 2.22\n"
			"software software:openmpi absent\n"
			"setting setting:path:profile /opt/hpcx/ompi/bin\n",
		  VERDICT_PASS, NULL },
		{ "hidden",
		  SLURM "software software:hpcx 2.22\n"
			"software software:openmpi absent\n",
		  VERDICT_WARN, "not on the" },
		{ "generic",
		  SLURM "software software:hpcx absent\n"
			"software software:openmpi 4.1.4\n",
		  VERDICT_WARN, "generic" },
		{ "amazon",
		  SLURM "software software:hpcx absent\n"
			"software software:openmpi 4.1.7\n"
			"software.path software:openmpi /opt/amazon/openmpi/bin/ompi_info\n"
			"setting setting:path:profile /opt/amazon/openmpi/bin\n",
		  VERDICT_PASS, NULL },
		{ "hidden, and a module",
		  SLURM "software software:hpcx 2.22\n"
			"software software:openmpi absent\n"
			"mpi.module mpi-module:/opt/hpcx/modulefiles/hpcx hpcx\n",
		  VERDICT_WARN, "there is a module hpcx" },
		{ "a module alone",
		  SLURM
		  "software software:hpcx absent\n"
		  "software software:openmpi absent\n"
		  "mpi.module mpi-module:/usr/share/modules/modulefiles/mpich/4.0 mpich/4.0\n"
		  "mpi.module.library mpi-module:/usr/share/modules/modulefiles/mpich/4.0 ? none "
		  "found\n",
		  VERDICT_WARN,
		  "only a module names an MPI (mpich/4.0 in "
		  "/usr/share/modules/modulefiles/mpich/4.0): whether" },
		{ "a module with its library",
		  SLURM
		  "software software:hpcx absent\n"
		  "software software:openmpi absent\n"
		  "mpi.module mpi-module:/a/impi/2021 impi/2021\n"
		  "mpi.module mpi-module:/a/openmpi5/5.0.3 openmpi5/5.0.3\n"
		  "mpi.module.library mpi-module:/a/openmpi5/5.0.3 /sw/ompi/lib/libmpi.so.40\n",
		  VERDICT_WARN,
		  "a module (openmpi5/5.0.3), and not on the path of users: "
		  "/sw/ompi/lib/libmpi.so.40" },
		{ "none",
		  SLURM "software software:hpcx absent\n"
			"software software:openmpi absent\n",
		  VERDICT_FAIL, NULL },
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
		{ "one", SLURM "software software:hpcx absent\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_generic_hidden_and_default),
		cmocka_unit_test(elsewhere_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
