/*
 * What an active test measured of RDMA ports, one run after the other: "rdma:mlx5_0/1/write:65536".
 */
#pragma once

#include "check/tally.h"

struct rdma_measured {
	const struct record *record; /* known */
	const char *device;          /* of the run */
	const char *port;            /* "rdma:mlx5_0/1" */
	const char *label;           /* "mlx5_0 port 1, gpu-write:65536", for people */
	struct span task;            /* "gpu-write" */
	uint64_t bytes;
};

/* The next run of the measure; one that is unknown is said to be so and left out. `at` starts at 0.
 * False at the end. */
bool rdma_measured_next(struct tally *tally, enum measure measure, size_t *at,
			struct rdma_measured *ret_measured);

/* True when the port belongs to an adapter in software, whose rate means nothing. */
bool rdma_measured_in_software(const struct tally *tally, const struct rdma_measured *measured);
