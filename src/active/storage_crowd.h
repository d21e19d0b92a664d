/*
 * Many processes that do the same to one folder at once: each is a worker's child, and what they
 * count is added up.
 */
#pragma once

#include "active/storage.h"
#include "active/storage_times.h"

enum {
	CROWD_MAXIMUM = 128,
	CROWD_TIMES = 20000, /* of all processes together */
};

/* What each process of the crowd knows. */
struct crowd_task {
	const struct host *here;
	const char *path;       /* of the folder in which it works */
	const char *mark;       /* of the place, to name calls */
	uint64_t bytes;         /* to be written by each */
	int64_t start_ns;       /* host_boot_ns before which it does nothing */
	unsigned number, count; /* which of how many processes on this node */
	unsigned rank, ranks;   /* which of how many nodes */
	unsigned rounds;        /* to be done by each */
	bool takes_direct;
};

/* What one, or all, counted. */
struct crowd_sum {
	uint64_t rounds, violations, errors;
	struct storage_times times;
	const char *error; /* the last that was said; NULL: none */
	unsigned ended;    /* processes that did all of it */
};

/* The child's side: waits for the start; says one time; says one error, with the words of errno;
 * says what it counted, at the end. */
void crowd_await(const struct crowd_task *task);
void crowd_says_time(struct worker_port *port, double seconds);
void crowd_says_error(struct worker_port *port, const char *what, int number);
void crowd_says_sum(struct worker_port *port, const struct crowd_sum *sum);

/* Runs task->count processes, each with its own number, on the request. False when one did not end
 * well: then ret_sum has what the others counted, and an error. */
bool crowd_run(struct active_run *run, worker_function *function, const struct crowd_task *task,
	       const char *request, struct crowd_sum *ret_sum);
