/*
 * What the children of the test of processors are asked, and what they answer; apart from the test
 * so that it can be tried without it.
 *
 *   run FIRST COUNT PERIOD    so many rounds from round FIRST on, each at the next multiple of
 *                             PERIOD milliseconds (0: one after the other)
 *                             answer: "ran DIGEST", all kernels and lanes of all rounds as one
 *   tell                      of the last run, a line for each kernel:
 *                             "KERNEL DIGEST…", one digest a lane; of one round those of
 *                             corruption_run, of more the rounds folded one after the other
 */
#pragma once

#include "active/corruption.h"
#include "host/worker.h"

/* The hardware thread that a child is for. */
struct corruption_thread {
	const struct host *host; /* whose clock is asked */
	unsigned number;
};

/* A worker_function; context is a struct corruption_thread. */
void corruption_answer(struct worker_port *port, const char *request, void **state,
		       const void *context);

/* Reads "ran DIGEST"; false when there is no such answer. */
bool corruption_read_ran(const struct worker_result *result, uint64_t *ret_digest);

/* Reads the lines of all kernels that this processor has, into [kernel * CORRUPTION_LANES + lane];
 * false when one is missing. */
bool corruption_read_lanes(const struct worker_result *result, uint64_t *ret_digests);
