/*
 * How a fabric is built and what is wrong with its cabling, as far as the wiring itself tells:
 * tiers, leaf groups, rails, separate fabrics, blocking, and findings. Everything is one or a few
 * walks over the ports; nothing needs a name, and nothing is compared with a plan: what most of
 * the like do is what is expected of the rest.
 */
#pragma once

#include "fabric/graph.h"
#include "fabric/hosts.h"
#include "fabric/placement.h"

#define LAYOUT_NONE UINT32_MAX /* no such index */

enum {
	LAYOUT_TIERS_MAXIMUM = 8,
	LAYOUT_FINDINGS_MAXIMUM = 20000, /* that are kept; all are counted */
};

enum layout_style {
	STYLE_UNKNOWN,        /* no host shows two adapters */
	STYLE_RAIL_OPTIMISED, /* each adapter of a host is on a switch of its own, all joined above
			       */
	STYLE_RAIL_ONLY,      /* the same, and the rails do not meet above */
	STYLE_CLASSIC,        /* a host's adapters are on one or two switches */
	STYLE_MIXED,
	STYLE_COUNT,
};

enum layout_role {
	ROLE_COMPUTE, /* the most bandwidth of all */
	ROLE_STORAGE,
	ROLE_MANAGEMENT, /* at a tenth of the rate of compute, or less */
	ROLE_UNUSED,     /* switches without a host */
	ROLE_COUNT,
};

/* A port of a host and the switch at the other end of its cable. */
struct layout_link {
	uint32_t host;     /* of fabric_hosts */
	uint32_t port;     /* of the graph: the adapter's */
	uint32_t peer;     /* of the graph: the switch's */
	uint32_t leaf;     /* of `switches` */
	uint32_t expected; /* the host that the same port of the group's other leaves leads to;
			    * LAYOUT_NONE: nothing tells */
	uint8_t rail;      /* of the host's adapter; HOST_RAIL_UNKNOWN */
};

struct layout_switch {
	uint32_t node; /* of the graph */
	uint32_t fabric;
	uint32_t group;          /* leaf group of a leaf; LAYOUT_NONE */
	uint32_t siblings;       /* of one tier, that lead to the same switches, have one number */
	uint32_t pod;            /* leaf groups below one set of switches have one number */
	uint8_t tier;            /* 0: hosts are on it */
	uint8_t rail;            /* of a leaf: what most of its links are; HOST_RAIL_UNKNOWN */
	bool is_core_with_hosts; /* a few hosts are on a switch of a higher tier */
	uint16_t down, up, across; /* links to hosts or to a lower tier, to a higher, to its own */
	uint16_t missing_up;       /* links fewer than its siblings have */
	uint64_t down_mbit, up_mbit;
};

/* Leaves that share their hosts: for a scheduler they are one. */
struct layout_group {
	const char *name; /* unique: what its switches' descriptions begin with, or a number */
	uint32_t fabric, pod;
	uint32_t host_count; /* of its members; those that nothing names only where none is named */
	uint32_t leaf_count;
	double agreement; /* share of ports that lead to the host that the same port of the other
			   * leaves leads to; NaN with one leaf */
};

struct layout_tier {
	uint32_t switches;
	uint32_t down, up, across;
	double blocking_least, blocking_middle, blocking_most; /* bandwidth down by bandwidth up;
								* NaN at the top */
};

struct layout_fabric {
	const char *name; /* "compute", "storage", "storage-2" */
	enum layout_role role;
	enum layout_style style;
	double score;        /* share of hosts with two adapters or more that are wired in this
			      * style; NaN when none is */
	uint32_t host_count; /* with a link to it; those that nothing names only where none is named
			      */
	uint32_t link_count; /* of hosts */
	uint32_t host_links; /* of one host: what most have */
	uint32_t mbit;       /* of one such link: what most have; 0: not known */
	uint32_t switch_count, aggregator_count, router_count;
	uint32_t planes; /* parts that are not joined: 1, or the rails of STYLE_RAIL_ONLY */
	uint32_t group_count, group_least, group_middle, group_most; /* hosts of a leaf group */
	unsigned tier_count;
	bool is_blind; /* nothing above the leaves is seen, as where only hosts listened */
	struct layout_tier tiers[LAYOUT_TIERS_MAXIMUM];
};

enum layout_fault {
	FAULT_SWAPPED,   /* two cables are at each other's place */
	FAULT_MISPLACED, /* one cable is where another host is expected */
	FAULT_RAILS,     /* adapters of a host are on each other's rail */
	FAULT_CUT_OFF,   /* a part of the fabric does not reach the rest */
	FAULT_UPLINK_MISSING,
	FAULT_UPLINK_MOVED, /* as many as siblings have, not to the same switches */
	FAULT_LINK_MISSING, /* between two groups of switches of one tier */
	FAULT_SLOW,         /* a link runs below what its like do */
	FAULT_UNEQUAL,      /* the ends of a link tell different rates */
	FAULT_DUPLICATE_GUID,
	FAULT_ONE_SIDED,
	FAULT_SELF,
	FAULT_ADAPTER_MISSING, /* a host has fewer links than its like */
	FAULT_ADAPTER_UNSEEN,  /* a host reports it and the fabric does not show it */
	FAULT_UNNAMED,         /* nothing names the host of an adapter */
	FAULT_NO_ANSWER,
	FAULT_CUT,        /* the source ends in the middle */
	FAULT_UNREADABLE, /* a line of the source that says nothing, or what cannot be */
	FAULT_LEAF_EMPTY, /* a leaf without hosts */
	FAULT_HOST_ABOVE, /* a host on a switch that is no leaf */
	FAULT_HOST_DOUBT, /* what hosts say of themselves contradicts itself */
	FAULT_COUNT,
};

enum layout_weight {
	WEIGHT_FAIL,    /* traffic suffers, or goes where it should not */
	WEIGHT_WARN,    /* something is not known or not as elsewhere, and may be meant so */
	WEIGHT_PARTIAL, /* not everything was seen */
	WEIGHT_COUNT,
};

struct layout_finding {
	enum layout_fault fault;
	enum layout_weight weight;
	uint32_t node, port;   /* of the graph, or GRAPH_NONE: where it is */
	uint32_t other;        /* a second port; GRAPH_NONE */
	uint32_t host;         /* of fabric_hosts; LAYOUT_NONE */
	double size, expected; /* as 15 links of 16, 200000 Mb/s of 400000; NaN: none */
	const char *place;     /* "leaf-04 port 12" */
	const char *text;      /* one line: what is seen and what was expected */
	const char *action;
};

struct layout {
	struct arena *arena;
	const struct graph *graph;
	const struct fabric_hosts *hosts;
	struct layout_switch *switches;
	uint32_t switch_count;
	uint32_t *switch_of_node; /* of the graph; LAYOUT_NONE for what is no switch */
	uint32_t *peer_switch;    /* of a port: the switch at the other end; LAYOUT_NONE for none */
	struct layout_link *links; /* of one host together, in the order of hosts */
	uint32_t link_count;
	uint32_t *first_link; /* host_count + 1: links of host h are first_link[h] up to the next */
	uint32_t *home; /* of a host: its leaf group in the compute fabric, else in the first that
			 * it is on; LAYOUT_NONE */
	uint32_t *first_member; /* group_count + 1: of group g first_member[g] up to the next */
	uint32_t *members;      /* hosts of groups: of each fabric that a host is on, in the group
				 * that most of its links there lead to */
	struct layout_group *groups; /* in the order of their first host */
	uint32_t group_count;
	uint32_t pod_count;
	struct layout_fabric *fabrics; /* compute first */
	uint32_t fabric_count;
	struct layout_finding *findings; /* the gravest first */
	uint32_t finding_count, finding_room;
	uint32_t found[FAULT_COUNT]; /* all, with those beyond the maximum */
	uint32_t unlinked_hosts;     /* without a link to a switch */
	uint32_t direct_links;       /* between two hosts, without a switch */
	bool is_partial;
};

/* Never fails: an empty graph is a layout without fabrics. `graph` and `hosts` stay in place as
 * long as the layout, which lives in `arena`. */
void layout_find(const struct graph *graph, const struct fabric_hosts *hosts, struct arena *arena,
		 struct layout *ret_layout);

/* Where the hosts of the compute fabric lie: leaf groups, pods, the whole. All in layout's arena;
 * `source` is kept. */
void layout_place(const struct layout *layout, const char *source, struct placement *ret_placement);

/* Switches on a shortest way between two hosts, over any of their adapters: 1 on one leaf, 3 over a
 * spine; 0 when they do not reach each other. `rail` is an adapter's, for both ends, or
 * HOST_RAIL_UNKNOWN for any. */
unsigned layout_hops(const struct layout *layout, uint32_t host, uint32_t other, uint8_t rail);

/* How many pairs of hosts are so many switches apart, from a look at every leaf group, or at
 * `sources` of them evenly chosen where there are more; 0 is "not at all". */
struct layout_distances {
	double share[2 * LAYOUT_TIERS_MAXIMUM + 2]; /* of the pairs */
	unsigned most;                              /* switches on the longest shortest way */
	uint32_t sources;                           /* groups that were looked at */
};
void layout_distances(const struct layout *layout, uint32_t sources,
		      struct layout_distances *ret_distances);

/* The worse of its findings' weights, WEIGHT_COUNT without one. */
enum layout_weight layout_worst(const struct layout *layout);

/* "leaf-04 port 12 (S-b83fd20300a1b2c0)": what stands in places and drawings. */
const char *layout_port_name(const struct layout *layout, uint32_t port, struct arena *arena);
const char *layout_node_name(const struct layout *layout, uint32_t node, struct arena *arena);

extern const char *const layout_style_names[STYLE_COUNT];
extern const char *const layout_role_names[ROLE_COUNT];
const char *layout_fault_name(enum layout_fault fault);     /* "swapped-cables" */
const char *layout_fault_action(enum layout_fault fault);   /* what to do */
extern const char *const layout_weight_names[WEIGHT_COUNT]; /* "fail", "warn", "partial" */
