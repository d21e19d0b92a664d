/*
 * How the tests of the group "corruption" divide their time and pair their units. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* How many rounds that take `each_ns` (0: not measured yet) are asked for at once, when `goal_ns`
 * is as long as a batch should take and `left_ns` what is left for all: at least one. */
uint64_t corruption_plan_rounds(int64_t each_ns, int64_t goal_ns, int64_t left_ns);

/* Units that are asked together. */
struct corruption_group {
	size_t first, count;
};

/* Those whose turn it is, of `count` units of which at most `at_once` are asked together: of even
 * sizes, so that none is too small to vote, and each unit once in as many turns as there are
 * groups. */
struct corruption_group corruption_plan_group(size_t count, size_t at_once, size_t turn);

/* Pair `number` of `count` units, 0 to count * (count - 1) - 1: first each unit with the next one,
 * then each with the one behind that. */
struct corruption_pair {
	size_t from, to;
};

struct corruption_pair corruption_plan_pair(size_t count, size_t number);

/* How long each of `steps` that come one after the other may take, but never less than `least`. */
int64_t corruption_plan_part(int64_t left, size_t steps, int64_t least);
