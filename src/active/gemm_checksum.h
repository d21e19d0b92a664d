/*
 * Checksums of matrix products (algorithm-based fault tolerance, Huang and Abraham 1984): of
 * D = A x B^T the sums of the rows are A times the sum of B's rows, those of the columns B times
 * the sum of A's rows. An element that came out wrong moves the sum of its row and of its column,
 * and the two name it. What the inputs make the sums be is found once; after that a check costs one
 * reading of D, which is about 1 % of the products' time when every fourth one of 8192 each way is
 * looked at.
 *
 * Inputs of whole numbers (GEMM_FILL_WHOLE, K at most GEMM_EXACT_K) make the comparison exact: any
 * difference is one. With other inputs D is rounded, and only a sum that is off by more than
 * rounding explains is told: a bit of low worth in one element passes (the digest of the same
 * product on the same inputs sees it). All of this runs on the processor; sums that a kernel made
 * are compared in the same way.
 */
#pragma once

#include "active/gemm.h"
#include "base/arena.h"

struct gemm_checksum {
	enum gemm_type type;
	struct gemm_shape shape;
	bool is_exact;   /* any difference counts */
	double *rows;    /* M: what the sums of D's rows have to be */
	double *columns; /* N */
	/* The same sums of the magnitudes of A and B: how large what was summed is. */
	double *row_magnitudes, *column_magnitudes;
};

/* Of a D that was computed. */
struct gemm_sums {
	double *rows, *columns;               /* M and N: sums of the elements */
	double *row_squares, *column_squares; /* of their squares; not needed when exact */
};

/* Both inputs of a product, in the format of the type. */
struct gemm_inputs {
	enum gemm_type type;
	struct gemm_shape shape;
	enum gemm_fill fill;
	const void *a, *b;
};

/* What A and B make D's sums be. Takes 2 K (M + N) operations. */
void gemm_checksum_expect(const struct gemm_inputs *inputs, struct arena *arena,
			  struct gemm_checksum *ret_checksum);

/* The sums of a D in memory. */
void gemm_checksum_sum(enum gemm_type type, const struct gemm_shape *shape, const void *d,
		       struct arena *arena, struct gemm_sums *ret_sums);

/* Where a product is wrong. */
struct gemm_checksum_fault {
	uint64_t row_count, column_count; /* sums that are off */
	/* The first of each; the element itself when each count is 1. UINT64_MAX: none. */
	uint64_t row, column;
	double off; /* by how much that row's sum is, else the column's; may be NAN or infinite */
};

/* True when all sums are as they have to be; else *ret_fault says where not. A sum may be off by
 * eight deviations of what rounding does to it, as if the error of each element were a chance of
 * its own: of 10^12 sums of a GPU that is well not one is told. */
bool gemm_checksum_compare(const struct gemm_checksum *checksum, const struct gemm_sums *sums,
			   struct gemm_checksum_fault *ret_fault);
