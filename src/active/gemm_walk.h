/*
 * The walk to the shape whose product is fastest: a coarse grid first, then steps from the best to
 * both sides of each edge, which get shorter until they are GEMM_WALK_GRAIN. What is found is the
 * best of what was tried, never more.
 */
#pragma once

#include "active/gemm.h"

enum {
	GEMM_WALK_GRAIN = 256,
	GEMM_WALK_LEAST = 1024,
	GEMM_WALK_MOST = 20480,
	GEMM_WALK_TRIED = 512, /* shapes at most */
};

struct gemm_walk {
	struct gemm_shape best;
	double best_value; /* 0: none yet */
	unsigned tried;
	/* private: */
	struct gemm_shape seen[GEMM_WALK_TRIED];
	struct gemm_shape next;
	unsigned grid, side; /* places in the grid, and of the six steps */
	uint64_t step;
	bool moved; /* in this round of steps */
};

/* `struct gemm_walk walk; gemm_walk_begin(&walk);` */
void gemm_walk_begin(struct gemm_walk *walk);

/* The next shape to be tried; false when there is none. */
bool gemm_walk_next(struct gemm_walk *walk, struct gemm_shape *ret_shape);

/* How good the last one is; 0 when it could not be tried. */
void gemm_walk_tell(struct gemm_walk *walk, double value);
