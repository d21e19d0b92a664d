/* How a topology file is held against a placement: counts of who lies with whom in both. */
#pragma once

#include "fabric/slurm_lint.h"

/* A member of the file's unit that the fabric has in a group: a host in its leaf group or domain,
 * or a switch in what stands for it one tier up. */
struct pair {
	uint32_t unit, group, member;
};

struct comparison {
	const struct slurm_topology *topology;
	const struct placement *placement;
	struct slurm_findings *findings;
	struct arena *arena;
	const char *const *group_names; /* units of the placement, or its blocks: of a domain
					 * that is a UUID its beginning, and the clique */
	const uint32_t *group_of_host;
	uint32_t group_count;
	struct pair *pairs; /* by unit, then by group */
	uint32_t pair_count;
	uint32_t *major; /* of each unit of the file the group that most of it is in */
	uint32_t *bulk;  /* of each group the unit that most of it is in */
};

/* Hosts by their units, or by their NVLink domains; takes the room that the others need. */
void comparison_make(const struct slurm_topology *topology, const struct placement *placement,
		     struct slurm_findings *findings, struct comparison *ret_compared);

/* Names of hosts, to find those of nodes among. */
struct host_names {
	struct host_name *full, *brief;
	uint32_t count;
};

void host_names_make(const struct placement *placement, struct arena *arena,
		     struct host_names *ret_names);

/* UINT32_MAX when there is none, or more than one. */
uint32_t host_names_find(const struct host_names *names, const char *node);

/* Sorts the pairs, fills `major` and `bulk`. */
void comparison_count(struct comparison *compared);

/* Pairs from `first` on with the same unit and group. */
uint32_t comparison_run(const struct comparison *compared, uint32_t first);
