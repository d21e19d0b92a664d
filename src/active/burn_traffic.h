/*
 * The all-reduce that goes on beside the products of a burn-in, as the parent sees it: all GPUs of
 * the node are its ranks. It says how many operations a turn has, adds up what the children say
 * (burn_flow.h), and finds out who it was when it ends before its time.
 */
#pragma once

#include "active/active.h"
#include "active/burn_load.h"
#include "active/burn_log.h"

/* One GPU of a burn-in. */
struct burn_gpu {
	const char *name; /* "gpu:0000:19:00.0" */
	struct burn_log log;
	uint64_t checked_products, wrong; /* of these */
	const char *place;                /* of the first wrong one */
	const char *end;                  /* "failed", "stalled", "died"; NULL: it held out */
	const char *why;                  /* of such an end */
	bool was_not_ready; /* "failed" before it was ever loaded: of the GPU nothing is known */
	/* As a rank of the all-reduce: */
	bool is_rank, waits;     /* it takes part; it said last that it waits for others */
	unsigned compared;       /* operations */
	uint64_t wrong_elements; /* of all that were compared */
	const char *rank_end;    /* "failed", "stalled", "waited"; NULL: it held out */
	const char *rank_why;    /* of "failed" */
};

struct burn_traffic {
	bool is_on;
	const char *why; /* it is not on, or no longer */
	bool was_on;
	struct burn_log log; /* its bus bandwidth */
	unsigned ranks, iterations;
	uint64_t elements;
	double working_s, slice_s; /* what the last block was at work for, and should be */
};

/* Why there can be none, from what the passive look has seen: NULL when it may. */
const char *burn_traffic_cannot(size_t gpus);

/* Makes ranks of the GPUs that have no end, in the children that are ready to multiply. Else the
 * traffic is off, with the reason. False when the test has to end. */
bool burn_traffic_open(struct burn_traffic *traffic, struct active_run *run, struct worker *workers,
		       struct burn_gpu *gpus, size_t count);

void burn_traffic_start(struct burn_traffic *traffic, const struct burn_pace *pace);

/* What the turn from now on has of it. */
struct burn_order burn_traffic_order(struct burn_traffic *traffic, const struct burn_pace *pace,
				     int64_t now_ns, int64_t until_ns);

/* Takes a line of a rank that is about it; `is_first` of the rank whose clock counts. */
void burn_traffic_take(struct burn_traffic *traffic, struct active_run *run, struct burn_gpu *gpu,
		       bool is_first, const struct burn_line *line);

/* After a turn: when a rank is lost, all are, and the ranks say how each ended. True when it has
 * just ended. */
bool burn_traffic_settle(struct burn_traffic *traffic, struct active_run *run,
			 struct burn_gpu *gpus, size_t count);
