/*
 * One rank of a collective: the child of a worker that holds one GPU and one communicator. It does
 * what it is asked and says what came of it, each in one line:
 *
 *   open GPU BYTES NAME=VALUE,…    opened BYTES VERSION LIBRARY   two buffers of at most so many
 * bytes;
 *                                                      "-" for no setting of the environment
 *   id                             id HEX              of a communicator that is to be
 *   join HEX RANKS RANK            joined              once all have
 *   measure COLLECTIVE ELEMENTS BLOCKS ITERATIONS TO OF    times S S S …   of one operation, each
 *                                                      block's mean, by the clock of the GPU
 *   verify COLLECTIVE ELEMENTS TO OF    compared N wrong N source N    after one more operation
 *   leave                          left
 *
 * What was refused is "error CODE WORDS".
 */
#pragma once

#include "active/payload.h"
#include "base/error.h"
#include "host/worker.h"

enum {
	RANK_BLOCKS_MAXIMUM = 32,
	RANK_ITERATIONS_MAXIMUM = 100000,
	RANK_SETTINGS_MAXIMUM = 8,
};

void rank_serve(struct worker_port *port, const char *request, void **state, const void *context);

enum rank_said {
	RANK_OPENED,
	RANK_ID,
	RANK_JOINED,
	RANK_TIMES,
	RANK_COMPARED,
	RANK_LEFT,
	RANK_ERROR,
};

struct rank_answer {
	enum rank_said said;
	uint64_t bytes;   /* RANK_OPENED */
	unsigned version; /* RANK_OPENED */
	bool is_rccl;     /* RANK_OPENED */
	struct span id;   /* RANK_ID: hexadecimal digits */
	double times_s[RANK_BLOCKS_MAXIMUM];
	unsigned time_count;            /* RANK_TIMES */
	struct payload_verdict verdict; /* RANK_COMPARED; first_wrong is not told */
	enum error_code code;           /* RANK_ERROR */
	struct span words;              /* RANK_ERROR */
};

/* Operations that go on while who asks for them does other things on the same GPU, in the child
 * that holds the rank. `state` is what rank_serve keeps there; it has joined. */
struct rank_block {
	enum collective collective;
	uint64_t elements;
	unsigned iterations;
	bool is_compared; /* what a former operation left is wiped first, for rank_compare */
};

/* Begins them and waits for nothing; all ranks begin the same blocks in the same order. */
bool rank_begin(void *state, const struct rank_block *block, struct error *err);

/* *ret_is_over once all are done; then *ret_seconds is what one took by the clock of the GPU. */
bool rank_is_over(void *state, const struct rank_block *block, bool *ret_is_over,
		  double *ret_seconds, struct error *err);

/* Compares what came of a block that is over. */
bool rank_compare(void *state, const struct rank_block *block, struct payload_verdict *ret_verdict,
		  struct error *err);

/* Leaves a communicator that failed: what hangs on the GPU ends. */
void rank_abort(void *state);

/* False for what is no answer; numbers are within the bounds above. */
bool rank_answer_read(struct span line, struct rank_answer *ret_answer);
