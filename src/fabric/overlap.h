/*
 * Sets that share their members: leaves with the same hosts, switches below the same switches.
 * And the forest of disjoint sets that such a joining is kept in.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"

/* Members of item i are members[first[i]] up to members[first[i + 1]], each once, each below
 * member_count. */
struct overlap_sets {
	uint32_t item_count, member_count;
	const uint32_t *first;
	const uint32_t *members;
	const uint32_t *colours; /* only items of one colour are joined; NULL: all have one */
};

/* Joins items that share at least half of the members of the smaller one. `ret_label` gets for each
 * item the lowest of those it is joined with, through others too. Linear in the members while no
 * member is in more than some hundred items; of a member that is in more, only neighbours in the
 * order of items are compared. */
void overlap_join(const struct overlap_sets *sets, struct arena *scratch, uint32_t *ret_label);

/* How many sets there are in common is left to the caller: the forest starts as `count` sets. */
uint32_t *forest_start(struct arena *arena, uint32_t count);
uint32_t forest_root(uint32_t *forest, uint32_t item);
void forest_join(uint32_t *forest, uint32_t item, uint32_t other);
