#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/verdicts.h"
#include <cmocka.h>

static const char check[] = "mpi-build";

#define LIBRARY "mpi.library mpi:/opt/hpcx/ompi/lib/libmpi.so.40 openmpi 5.0.3\n"
#define BUILT "mpi.support mpi:/opt/hpcx/ompi/lib/libmpi.so.40 "
#define RDMA "rdma.count - 1\n"

static void what_a_build_lacks_is_named(void **state)
{
	static const struct verdict_case cases[] = {
		{ "all", LIBRARY BUILT "cuda+ucx+pmix\n" RDMA "mpi.launcher - pmi2+pmix_v4\n",
		  VERDICT_PASS, "5.0.3" },
		{ "no network", LIBRARY BUILT "cuda+pmix\n" RDMA, VERDICT_FAIL, "UCX" },
		{ "no CUDA", LIBRARY BUILT "ucx+pmix\n" RDMA, VERDICT_WARN, "CUDA" },
		{ "another launcher", LIBRARY BUILT "cuda+ucx+pmix\n" RDMA "mpi.launcher - pmi2\n",
		  VERDICT_FAIL, "alone" },
		{ "no launcher for MPI",
		  LIBRARY BUILT "cuda+ucx+pmix\n" RDMA "mpi.launcher - none\n", VERDICT_FAIL,
		  "alone" },
		{ "PMI from elsewhere", LIBRARY BUILT "cuda+ofi\n" RDMA "mpi.launcher - pmi2\n",
		  VERDICT_PASS, NULL },
		{ "unreadable", "mpi.library mpi:/x ? it is no library\n", VERDICT_UNKNOWN, NULL },
		{ "none at all", "mpi.library - absent\n", VERDICT_NOT_APPLICABLE, NULL },
		{ "support not told", LIBRARY, VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, "mpi.launcher - pmix_v4\n", NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_build_lacks_is_named),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
