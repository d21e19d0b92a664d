#include "host/job.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const names[] = {
	"SLURM_STEP_ID",
	"SLURM_PROCID",
	"SLURM_STEP_NUM_TASKS",
	"SLURM_NTASKS",
	"SLURM_LOCALID",
	"SLURM_NODEID",
	"SLURM_STEP_TASKS_PER_NODE",
	"SLURM_TASKS_PER_NODE",
	"SLURM_STEP_NODELIST",
	"SLURM_JOB_ID",
	"OMPI_COMM_WORLD_RANK",
	"OMPI_COMM_WORLD_SIZE",
	"OMPI_COMM_WORLD_LOCAL_RANK",
	"OMPI_COMM_WORLD_LOCAL_SIZE",
	"PMI_RANK",
	"PMI_SIZE",
	"MPI_LOCALRANKID",
	"MPI_LOCALNRANKS",
};

static int forget(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
	return 0;
}

static void put(const char *name, const char *value)
{
	assert_int_equal(setenv(name, value, 1), 0);
}

static void the_first_name_of_a_list_of_nodes(void **state)
{
	static const char *const cases[][2] = {
		{ "gpu[003-007,9],login1", "gpu003" },
		{ "node7", "node7" },
		{ "a-1.b,a-2.b", "a-1.b" },
		{ "rack[1-2]-ib", "rack1-ib" },
	};
	static const char *const none[] = { "", ",a", "gpu[", "gpu[]", "gpu[1-2", "[a]", "a b" };
	SCOPED_ARENA(arena);
	const char *node;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(job_first_node(span_of(cases[i][0]), &arena, &node));
		assert_string_equal(node, cases[i][1]);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(job_first_node(span_of(none[i]), &arena, &node));
}

static void tasks_of_each_node(void **state)
{
	static const unsigned expected[] = { 8, 8, 4 };
	unsigned tasks;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		assert_true(job_tasks_of_node(SPAN("8(x2),4"), i, &tasks));
		assert_int_equal(tasks, expected[i]);
	}
	assert_false(job_tasks_of_node(SPAN("8(x2),4"), 3, &tasks));
	assert_false(job_tasks_of_node(SPAN("8(x"), 0, &tasks));
	assert_false(job_tasks_of_node(SPAN("x"), 0, &tasks));
}

static void a_step_of_slurm_tells_all(void **state)
{
	SCOPED_ARENA(arena);
	struct job job;
	struct error err;

	(void)state;
	put("SLURM_PROCID", "9");
	put("SLURM_NTASKS", "16");
	assert_false(job_read(&arena, &job, &err)); /* a batch script is no step */
	assert_int_equal(err.code, ERROR_MISSING);
	put("SLURM_STEP_ID", "0");
	put("SLURM_JOB_ID", "4711");
	put("SLURM_STEP_NUM_TASKS", "16");
	put("SLURM_LOCALID", "1");
	put("SLURM_NODEID", "1");
	put("SLURM_STEP_TASKS_PER_NODE", "8(x2)");
	put("SLURM_STEP_NODELIST", "gpu[3-4]");
	assert_true(job_read(&arena, &job, &err));
	assert_string_equal(job.launcher, "srun");
	assert_int_equal(job.rank, 9);
	assert_int_equal(job.ranks, 16);
	assert_int_equal(job.local_rank, 1);
	assert_int_equal(job.local_ranks, 8);
	assert_int_equal(job.number, 4711);
	assert_string_equal(job.first_node, "gpu3");
}

static void open_mpi_and_pmi_are_known(void **state)
{
	SCOPED_ARENA(arena);
	struct job job;
	struct error err;

	(void)state;
	put("PMI_RANK", "1");
	put("PMI_SIZE", "2");
	assert_true(job_read(&arena, &job, &err));
	assert_string_equal(job.launcher, "mpiexec");
	assert_int_equal(job.local_ranks, 0);
	put("OMPI_COMM_WORLD_RANK", "3");
	put("OMPI_COMM_WORLD_SIZE", "4");
	put("OMPI_COMM_WORLD_LOCAL_RANK", "1");
	put("OMPI_COMM_WORLD_LOCAL_SIZE", "2");
	assert_true(job_read(&arena, &job, &err));
	assert_string_equal(job.launcher, "mpirun");
	assert_int_equal(job.local_ranks, 2);
	put("OMPI_COMM_WORLD_RANK", "4");
	assert_false(job_read(&arena, &job, &err));
	assert_int_equal(err.code, ERROR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_name_of_a_list_of_nodes),
		cmocka_unit_test(tasks_of_each_node),
		cmocka_unit_test_setup_teardown(a_step_of_slurm_tells_all, forget, forget),
		cmocka_unit_test_setup_teardown(open_mpi_and_pmi_are_known, forget, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
