/*
 * Pairs for one round of measurements: nobody in two of them, nobody with a partner of before while
 * there are others.
 */
#pragma once

#include "base/arena.h"
#include "fabric/locate.h"

/* Everybody who is not away with a random partner of the same group; of an odd group one is left
 * over, another one each time. Returns the pairs. */
uint32_t locate_match_all(const struct locate *locate, struct arena *scratch,
			  struct locate_pair *ret_pairs);

/* Each of the undecided with somebody sound, and with each other where there are not enough. */
uint32_t locate_match_undecided(const struct locate *locate, struct arena *scratch,
				struct locate_pair *ret_pairs);
