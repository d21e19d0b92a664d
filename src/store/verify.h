/*
 * What looks at a whole store, private to this room: faults that were found, and the indices of one
 * block against its entries.
 */
#pragma once

#include "store/store_parts.h"

/* What was found to be wrong: at most `limit` texts in the arena, and how many there would be. */
struct faults {
	const char **items;
	size_t count, limit, all;
	struct arena *arena;
};

void faults_add(struct faults *faults, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The entries of a block as they were unpacked. */
struct indexed {
	struct store *store;
	enum store_stream stream;
	const struct packed_entry *entries;
	size_t count;
	int64_t first; /* sequence of the first, which names the block */
	struct arena *arena;
};

/* Whether each is in the index of its series with its value, its id in that of ids, and the block
 * under each of their subjects; what is not is a fault. */
bool verify_rows(const struct indexed *block, struct faults *faults, struct error *err);
