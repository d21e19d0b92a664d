/*
 * Which of many units that were given the same input gave another result than most: lane by lane,
 * by strict majority, so that no result has to be known beforehand and the order of the units
 * counts for nothing. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	VOTE_LEAST = 3, /* of two that differ nobody can say which is right */
	VOTE_LANES_MAXIMUM = 32,
};

enum vote_says {
	VOTE_AGREED,  /* all units, in all lanes */
	VOTE_ODD,     /* each lane has a majority, and some unit is not of it */
	VOTE_SPLIT,   /* some lane has no majority */
	VOTE_TOO_FEW, /* units */
};

/* digests[unit * lanes + lane]. ret_reference[lane] is what more than half of the units gave, 0
 * where there is none. Bit n of ret_odd[unit] says that lane n of the unit is not what most gave:
 * told of VOTE_ODD, and of VOTE_SPLIT for the lanes that have a majority; all 0 otherwise. */
enum vote_says vote(const uint64_t *digests, size_t units, unsigned lanes, uint64_t *ret_reference,
		    uint32_t *ret_odd);

/* The same where the right result is known: ret_odd of each unit that differs from `reference`.
 * Returns how many do. */
size_t vote_against(const uint64_t *digests, size_t units, unsigned lanes,
		    const uint64_t *reference, uint32_t *ret_odd);
