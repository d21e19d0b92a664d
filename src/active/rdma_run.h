/*
 * One run of perftest: its two sides, and what it said as evidence.
 */
#pragma once

#include "active/perftest.h"
#include "active/rdma_command.h"

enum {
	RDMA_TCP_PORT = 18600, /* where the two programs find each other */
};

/* One side of a pair of programs. */
struct rdma_side {
	const struct rdma_rail *rail;
	const char *host; /* where the server of the programs is; NULL on its own side */
};

/* Starts the side that waits. */
bool rdma_serve(struct active_run *run, const struct rdma_task *task, const struct rdma_rail *rail,
		struct process **ret_process, struct error *err);

/* Runs the side that comes, again while nobody listens yet, and reads what it said. The error is
 * one clear sentence. */
bool rdma_come(struct active_run *run, const struct rdma_task *task, const struct rdma_rail *rail,
	       const char *server, struct perftest_report *ret_report, struct error *err);

/* Both sides on this machine: `to` waits and `from` comes. */
bool rdma_loop(struct active_run *run, const struct rdma_task *task, const struct rdma_rail *from,
	       const struct rdma_rail *to, struct perftest_report *ret_report, struct error *err);

/* Adds the records of the first row, about "rdma:NAME/PORT/TASK". */
void rdma_say(struct active_run *run, const struct rdma_task *task, const struct rdma_rail *rail,
	      const struct perftest_report *report);

/* The same of a run that failed. */
void rdma_say_unknown(struct active_run *run, const struct rdma_task *task,
		      const struct rdma_rail *rail, const char *why);
