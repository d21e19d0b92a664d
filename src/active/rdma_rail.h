/*
 * The RDMA ports of the passive look that a test can use, and which GPU lies next to each.
 */
#pragma once

#include "active/active.h"

enum {
	RDMA_RAILS_MAXIMUM = 64,
};

struct rdma_rail {
	const char *device; /* "rdma:mlx5_0/1" */
	const char *name;   /* "mlx5_0" */
	const char *port;   /* "1" */
	double gb_per_s;    /* in Gb/s; 0: not known */
	int gpu;            /* number of the nearest GPU in the order of PCI addresses; -1: none */
	bool is_software;   /* soft-RoCE or soft-iWARP: slow, more so in an emulated machine */
};

/* The ports that are active, without virtual functions where there are others; by name. */
size_t rdma_rails(const struct active_request *request, struct arena *arena,
		  const struct rdma_rail **ret_rails);
