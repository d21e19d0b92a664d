/*
 * What an active test measured of the ordinary network, one run after the other:
 * "network:HOST/send:8", "network:HOST/udp-receive".
 */
#pragma once

#include "check/tally.h"

struct network_run {
	const struct record *record; /* known */
	const char *device;
	struct span host;
	bool is_reverse;  /* the peer sent */
	uint64_t streams; /* of TCP; 1 of UDP */
};

/* The next run of the measure; one that is unknown is said to be so and left out. `at` starts at 0.
 * False at the end. */
bool network_run_next(struct tally *tally, enum measure measure, size_t *at,
		      struct network_run *ret_run);
