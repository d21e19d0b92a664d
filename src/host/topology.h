/*
 * How the parts of a machine lie to each other, as hwloc finds it: packages, cores, caches,
 * distances of NUMA nodes, and for each PCI function its NUMA node and the bridges above it. hwloc
 * looks in a worker's child, at the files of the kernel alone: no plug-in of it is loaded and no
 * vendor's library asked. Slower than reading what is asked; for an inventory, never for a check.
 */
#pragma once

#include "host/file.h"

enum {
	TOPOLOGY_DEVICES_MAXIMUM = 16384,
	TOPOLOGY_NODES_MAXIMUM = 1024,
	TOPOLOGY_CACHES_MAXIMUM = 64,
	TOPOLOGY_ABOVE_MAXIMUM = 32, /* bridges above a function */
};

enum topology_cache_kind {
	CACHE_UNIFIED,
	CACHE_DATA,
	CACHE_INSTRUCTION,
};

/* Caches of one level, kind and size. */
struct topology_cache {
	unsigned level; /* from 1 */
	enum topology_cache_kind kind;
	uint64_t bytes; /* of one */
	uint32_t count;
};

/* How far memory of `to` is from the processors of `from`, in the firmware's unit: 10 is local. */
struct topology_distance {
	uint32_t from, to; /* numbers of NUMA nodes */
	uint32_t distance;
};

struct topology_device {
	const char *address; /* "0000:19:00.0" */
	int32_t numa;        /* number of its NUMA node; -1 when it has none or several */
	/* From the host bridge, as "0000:16", down to the bridge right above, as "0000:18:00.0". */
	const char *const *above;
	unsigned above_count;
};

struct topology {
	uint32_t packages, cores, threads; /* 0: not known */
	const struct topology_cache *caches;
	const struct topology_distance *distances; /* none where the firmware gives none */
	const struct topology_device *devices;     /* sorted by address */
	size_t cache_count, distance_count, device_count;
};

/* Looks at the machine or at what lies below its root; from a captured one takes what was recorded.
 * Fails when hwloc does not end within `limit_ns`, or can make nothing of the machine. */
bool topology_read(const struct host *host, int64_t limit_ns, struct arena *arena,
		   struct topology *ret_topology, struct error *err);

/* Makes a topology of the worker's lines; one that makes no sense, or is beyond a maximum, is left
 * out. topology_read uses it; it is here for tests of what a machine may have recorded. */
void topology_take(const struct span *lines, size_t count, struct arena *arena,
		   struct topology *ret_topology);

/* What lies between two functions, nearest first. */
enum topology_nearness {
	NEAR_SWITCH,  /* a bridge below the host bridge is above both: a switch, or one port */
	NEAR_BRIDGE,  /* the same host bridge */
	NEAR_NODE,    /* the same NUMA node */
	NEAR_MACHINE, /* another NUMA node */
	NEAR_UNKNOWN, /* one of them is not in the topology, or its NUMA node is not known */
};

extern const char *const topology_nearness_names[]; /* "switch", "bridge" … "unknown" */

/* By address. */
enum topology_nearness topology_nearness(const struct topology *topology, const char *a,
					 const char *b);
