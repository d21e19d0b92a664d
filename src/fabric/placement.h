/*
 * Where hosts lie to each other, as a scheduler needs it: for each host the units that it is in,
 * the nearest first, and its NVLink domain. It comes from a fabric's layout or straight from what a
 * cloud answers; configurations of Slurm and Kubernetes are made of it, and existing ones compared
 * with it.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"

enum {
	PLACEMENT_TIERS_MAXIMUM = 5,
	PLACEMENT_HOSTS_MAXIMUM = 1 << 18,
};

/* A unit of one tier: a leaf group, a pod, a core; or a block, a subnet of a cloud. */
struct placement_unit {
	const char *name;  /* unique among all tiers */
	uint32_t parent;   /* of the next tier; UINT32_MAX: none known */
	uint8_t tier;      /* 0: nearest to hosts */
	uint32_t switches; /* of the fabric that stand behind it; 0: not known */
};

struct placement_host {
	const char *name;
	uint32_t unit;         /* of tier 0; UINT32_MAX: not known, `why` says why */
	const char *why;       /* one line when it has no unit; "" otherwise */
	bool is_unnamed;       /* nothing names it: its name is made of a GUID and is no node's */
	const char *domain;    /* NVLink domain; "" when it is in none or not known */
	const char *subdomain; /* a part of the domain that schedules apart, a clique; "" none */
};

struct placement {
	struct placement_unit *units; /* tier by tier, the nearest first */
	uint32_t unit_count;
	unsigned tier_count;
	struct placement_host *hosts; /* in natural order of their names */
	uint32_t host_count;
	uint32_t placed;    /* hosts with a unit */
	const char *source; /* "infiniband sweep of mlx5_0", "OCI rdmaTopologyData" … */
	bool is_partial;    /* the source did not see everything */
};

/* What a source that is not ours has put together, held against what stands above: tiers in order,
 * each parent one tier up and before PLACEMENT_TIERS_MAXIMUM, a unit or a reason for each host,
 * names. Fails with ERROR_INVALID and the unit or host. */
bool placement_check(const struct placement *placement, struct error *err);

/* The same from above: what lies in what. Units with no host below them are left out. */
struct placement_tree {
	uint32_t *first_child; /* of unit u: children[first_child[u]] to first_child[u + 1] */
	uint32_t *children;
	uint32_t *first_host; /* the same of hosts, which units of tier 0 have alone */
	uint32_t *hosts;
	uint32_t *below; /* hosts below each unit; 0: it is left out */
	uint32_t *order; /* units of tier 0 that have hosts, those with a common parent together */
	uint32_t *rank;  /* of each unit of tier 0: where in `order` it stands */
	uint32_t order_count;
	uint32_t *roots; /* units without a parent */
	uint32_t root_count;
};

void placement_tree_make(const struct placement *placement, struct arena *arena,
			 struct placement_tree *ret_tree);

/* Hosts of one NVLink domain, or of one part of it that schedules apart. */
struct placement_block {
	const char *domain, *subdomain; /* "" */
	uint32_t first, count;          /* in `hosts` */
};

struct placement_blocks {
	struct placement_block *blocks; /* neighbours in the fabric are neighbours here */
	uint32_t block_count;
	uint32_t *hosts;
	uint32_t smallest; /* hosts of the block with fewest */
	uint32_t without;  /* hosts in no block */
};

void placement_blocks_make(const struct placement *placement, const struct placement_tree *tree,
			   struct arena *arena, struct placement_blocks *ret_blocks);
