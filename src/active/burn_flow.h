/*
 * The child's part of the all-reduce beside the products of a burn-in: a rank (collective_rank.h)
 * in the process that multiplies, since what two processes do on one GPU takes turns and is never
 * at once. The operations of a block are begun, products are made, and only then they are waited
 * for. Its lines, besides those of burn_load.h:
 *
 *   b                        waits for the other ranks from here on
 *   g                        no longer: it multiplies
 *   c 812345678901 812845678901 1.2e-4 0.3    a block: from, to, seconds of one operation, and for
 *                            how long of these the block was at work
 *   v 0                      wrong elements of the operation that was compared
 *   n ncclAllReduce: …       the rank could not go on; there are no more blocks
 *   t                        nor could another one: it waited in vain
 */
#pragma once

#include "active/collective_rank.h"
#include "host/file.h"

/* What a request says of it: as many blocks as that under full load, each of so many operations,
 * and one more operation that is compared. No blocks: none of that. */
struct burn_order {
	unsigned blocks, iterations;
	uint64_t elements;
};

struct burn_flow {
	struct worker_port *port;
	const struct host *host;
	void *rank; /* the state of rank_serve */
	bool is_off;
	/* Of the block that was begun: */
	struct rank_block block;
	int64_t start_ns, begun_ns;
};

/* Begins a block; after false, and in a flow that is off, there is none to be waited for. */
bool burn_flow_begin(struct burn_flow *flow, const struct burn_order *order, bool is_compared);

/* Waits for the block, for some seconds at most, and says what came of it. */
void burn_flow_end(struct burn_flow *flow);
