/*
 * What hosts hear from the switches beside them, put together: the graph of a network of Ethernet
 * as far as hosts see it, its leaves and which host hangs on which port of which. What switches
 * hear may be added, and then shows what lies above.
 */
#pragma once

#include "fabric/cloud.h"
#include "fabric/hosts.h"
#include "fabric/lldp.h"

enum {
	NEIGHBOURS_BYTES_MAXIMUM = 16 << 20, /* of one host's file */
	NEIGHBOURS_MAXIMUM = 1 << 20,
};

#define NEIGHBOURS_SCHEMA "assay/neighbours/v1"

/* A network interface of a host, and what it heard. */
struct neighbour_link {
	const char *host;
	enum host_naming naming; /* by evidence: the host said its name itself */
	const char *interface;   /* "eth2" */
	const char *device;      /* of RDMA: "mlx5_2"; "" when it has none, or it is not known */
	const char *pci;         /* "" when not known */
	uint64_t node_guid;      /* of the RDMA device; 0: not known */
	uint64_t mac;            /* 0: not known */
	uint32_t mbit_per_s;     /* 0: not known */
	bool has_neighbour;
	struct lldp_neighbour neighbour;
};

/* `struct neighbours neighbours = { .arena = &arena };` is ready. */
struct neighbours {
	struct arena *arena;
	struct neighbour_link *items;
	uint32_t count, room;
};

bool neighbours_add(struct neighbours *neighbours, const struct neighbour_link *link,
		    struct error *err);

/* Whether the text is what `assay fabric neighbours --format json` or lldpcli writes. */
bool neighbours_is(struct span text);

/* Adds what the file says, and to `clouds` where the host lies when it says that too. What lldpcli
 * prints does not name its host: it is the one that the file is named for, "n1.json". */
bool neighbours_read(struct neighbours *neighbours, struct cloud_hosts *clouds, struct span text,
		     const char *file, struct error *err);

/* Adds hosts' interfaces and the switches to the graph and joins their ports, and adds what is
 * known of the hosts to the facts. A switch is known by its chassis identifier; its GUID is its MAC
 * address with ff:fe in the middle, or a hash of what it calls itself. Ports are numbered by the
 * one number in their names where that tells them apart, else in natural order of all names of the
 * network, so that ports of one name have one number. An interface with an RDMA device that heard
 * nobody is there, without a cable and with a note. Of two switches or more it is not seen what
 * joins them: the graph is partial then. */
bool neighbours_join(const struct neighbours *neighbours, struct graph *graph,
		     struct host_facts *facts, struct error *err);
