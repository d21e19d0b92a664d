/*
 * The child of a burn-in that loads one GPU: it follows the pace and says of each slice when it was
 * and how fast. One line is one slice:
 *
 *   w 812345678901 812845678901 7.1e14 49   from, to (host_boot_ns), FLOP/s, products that were
 *                                           checked
 *   x 2 1 1 17 4021                         of these so many were wrong; sums of rows and columns
 * that are off in the first one, and the first of each e cuLaunchKernel gpu:…: …               the
 * load could not go on; the last line
 *
 * and those of burn_flow.h.
 */
#pragma once

#include "active/burn_flow.h"
#include "active/burn_pace.h"
#include "base/arena.h"
#include "host/worker.h"

/* What the worker does with a request of burn_request(), and with "rank " and a request of
 * collective_rank.h; the context is the struct host whose clock counts. */
worker_function burn_load_serve;

/* What one turn of the load is. */
struct burn_turn {
	struct burn_pace pace;
	int64_t until_ns; /* 0: only all is made ready */
	struct burn_order order;
};

/* "GPU start end cycle pulse until blocks iterations elements". */
const char *burn_request(struct arena *arena, const char *gpu, const struct burn_turn *turn);

/* False for what is no request. */
bool burn_request_read(struct span request, const char **ret_gpu, struct burn_turn *ret_turn,
		       struct arena *arena);

struct burn_line {
	enum {
		BURN_LINE_SLICE,
		BURN_LINE_WRONG,
		BURN_LINE_ERROR,
		BURN_LINE_WAITS,
		BURN_LINE_GOES_ON,
		BURN_LINE_BLOCK,
		BURN_LINE_COMPARED,
		BURN_LINE_NO_RANK,
		BURN_LINE_IN_VAIN,
	} kind;
	int64_t start_ns, end_ns;                      /* of a slice or a block */
	double speed;                                  /* of a slice */
	uint64_t checked;                              /* products of a slice */
	double seconds, working_s;                     /* of a block */
	uint64_t wrong;                                /* elements, or products */
	uint64_t row_count, column_count, row, column; /* of the first of these products */
	struct span words;                             /* of an error, and why there is no rank */
};

/* False for what is no such line. */
bool burn_line_read(struct span text, struct burn_line *ret_line);
