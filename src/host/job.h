/*
 * Which of several processes of a job this one is, as srun, mpirun (Open MPI) and mpiexec (PMI)
 * tell it by the environment.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"

struct job {
	const char *launcher; /* "srun", "mpirun", "mpiexec" */
	unsigned rank, ranks;
	unsigned local_rank, local_ranks; /* on this node; local_ranks 0: not told */
	const char *first_node;           /* where rank 0 runs; NULL: not told */
	unsigned number;                  /* of the job, for a port of its own; 0: not told */
};

enum {
	JOB_RANKS_MAXIMUM = 1 << 20,
};

/* ERROR_MISSING: nothing of the kind is told, which is also so in a batch script, where no step of
 * several processes runs. ERROR_INVALID: what is told cannot be. */
bool job_read(struct arena *arena, struct job *ret_job, struct error *err);

/* The first name of a list of nodes, "gpu[003-007,9],login1" gives "gpu003". False when it is no
 * list. */
bool job_first_node(struct span list, struct arena *arena, const char **ret_node);

/* The count-th of "8(x2),4", from 0: 8, 8, 4. False when there is none. */
bool job_tasks_of_node(struct span counts, unsigned node, unsigned *ret_tasks);
