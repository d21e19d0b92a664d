/*
 * The RDMA ports of a machine, and which of them make the back end: the network between the GPUs of
 * several nodes.
 */
#pragma once

#include "check/check.h"

struct rdma_port {
	const char *device;                           /* "rdma:mlx5_0/1" */
	const char *adapter;                          /* "rdma:mlx5_0" */
	const char *name;                             /* "mlx5_0" */
	const char *model, *layer, *state, *physical; /* NULL: not known */
	double rate_gb_s;                             /* in Gb/s; 0: not known */
	bool is_virtual;
	bool is_back_end;
};

struct rdma_ports {
	struct rdma_port *items; /* by name of the device */
	size_t count;
	size_t back_end;    /* how many of them are of the back end */
	size_t left_out;    /* virtual functions beside physical ones */
	double usual_gb_s;  /* rate that most active ports of the back end have, else the highest;
			     * 0: none is known */
	size_t active;      /* ports of the back end that are active */
	double active_gb_s; /* rate of all these together */
};

/* The back end is the largest group of ports of one adapter model and link layer; of equally large
 * ones the fastest. Virtual functions count only where there is nothing else, as in a virtual
 * machine. */
struct rdma_ports rdma_ports_of(const struct machine *machine, struct arena *arena);

/* The port with the device's name; NULL when there is none. */
const struct rdma_port *rdma_ports_find(const struct rdma_ports *ports, const char *device);

bool rdma_port_is_active(const struct rdma_port *port);
