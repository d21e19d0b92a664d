/*
 * Two nodes that test their RDMA ports with each other: each runs `assay test rdma --peer OTHER`.
 */
#pragma once

#include "active/rdma_run.h"

/* What one side has; both run the same tasks. */
struct rdma_offer {
	const char *test; /* name of the test, which has to be the same on both sides */
	const struct rdma_rail *rails;
	size_t rail_count;
	const struct rdma_task *tasks;
	size_t task_count;
	bool has_gpus; /* their memory can be used */
};

/* Finds the peer, then runs each task from each rail to the rail of the same place there, and back;
 * adds what was measured from here on. A peer that does not come, or that offers something else,
 * makes the test fail with one sentence. */
void rdma_with_peer(struct active_run *run, const struct rdma_offer *offer);

/* "test rdma-bandwidth gpus yes" and a line "mlx5_0/1 gpu" or "mlx5_0/1 -" for each rail: what one
 * side tells the other. */
void rdma_offer_write(const struct rdma_offer *offer, struct text *into);

/* What the other side told; its names are only shown. False when it is not of the same test, or
 * makes no sense. */
bool rdma_offer_read(struct span text, const char *test, struct arena *arena,
		     struct rdma_offer *ret_offer, struct error *err);
