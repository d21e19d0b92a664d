/*
 * The processors and memory of each NUMA node, for who wants to load them: what an active test
 * needs to know beyond the counts that a passive look keeps as evidence.
 */
#pragma once

#include "host/file.h"

enum {
	NUMA_NODES_MAXIMUM = 256,
};

struct numa_node {
	unsigned number;
	const unsigned *cores; /* one hardware thread of each core that may be used, ascending */
	size_t core_count;
	uint64_t cache_bytes; /* all its caches of the last level together; 0: not known */
	uint64_t free_bytes;  /* memory that can be had without pushing others out; 0: not known */
};

/* The nodes that have processors among `allowed` (ascending), by number; one node 0 of all of them
 * where the kernel shows none. At most NUMA_NODES_MAXIMUM. Lives in `arena`. */
size_t numa_read(const struct host *host, const unsigned *allowed, size_t allowed_count,
		 struct arena *arena, const struct numa_node **ret_nodes);
