/*
 * One round of the test of processors: what all units gave is compared, and who differs runs again.
 */
#pragma once

#include "active/active.h"
#include "active/corruption_answer.h"
#include "active/corruption_plan.h"
#include "active/corruption_tally.h"

struct corruption_trial {
	struct active_run *run;
	/* One worker a unit; those that do not answer any more are taken out of the two. */
	struct worker *workers;
	size_t *unit_of;
	size_t count;
	struct worker_result *results; /* of the last request, by worker */
	struct corruption_tally tally;
	int64_t begun_ns, needed_ns;
	int64_t round_ns; /* of the slowest unit; 0: not measured yet */
	uint64_t next_round;
	size_t turn;
	/* Of the batch that is compared: [kernel][unit][lane], [unit], [kernel][unit]. */
	uint64_t *digests;
	bool *is_present;
	uint32_t *odd;
	uint64_t reference[CORRUPTION_KERNEL_COUNT][CORRUPTION_LANES];
};

/* The rounds that they have run, and how they are asked for. */
struct corruption_batch {
	enum corruption_point point;
	uint64_t first, count;
	char request[80];
};

/* The same request to a group, whose answers are trial->results then. False when the test has to
 * end. */
bool corruption_ask(struct corruption_trial *trial, struct corruption_group group,
		    const char *request);

/* Compares what the workers of the group have answered to the batch's request. Those that differ
 * are counted and run again beside one that does not; those that did not answer are unknown and
 * taken out. */
void corruption_compare(struct corruption_trial *trial, struct corruption_group group,
			const struct corruption_batch *batch);
