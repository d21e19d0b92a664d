/*
 * One GPU at matrix products, in the child of a worker: it is asked for one case after the other
 * ("3 gpu:0000:19:00.0") and says what it measured. All GPUs are asked for the same case at
 * once, so that they share the power and the cooling of the node as in a job.
 */
#pragma once

#include "active/active.h"
#include "active/gemm.h"

enum gemm_case_kind {
	GEMM_CASE_EXACT,   /* a small product of whole numbers against the processor's */
	GEMM_CASE_FIXED,   /* that shape */
	GEMM_CASE_GROUPED, /* a batch of them */
	GEMM_CASE_VECTOR,  /* one row: as fast as the memory is read */
	GEMM_CASE_SEARCH,  /* whichever shape is fastest */
};

struct gemm_case {
	enum gemm_case_kind kind;
	enum gemm_type type;
	struct gemm_shape shape;
	unsigned batch;
	double least_s; /* of the GPU's time that repeats take together, warm-up left out */
	double limit_s; /* and at most, and of a search the time of the walk */
};

/* The context of the workers. */
struct gemm_cases {
	const struct host *host; /* whose clock bounds a search */
	const struct gemm_case *cases;
	size_t count;
};

/* The worker's function. */
void gemm_child(struct worker_port *port, const char *request, void **state, const void *context);

/* The measure that a case is told by. */
enum measure gemm_case_measure(enum gemm_case_kind kind);
