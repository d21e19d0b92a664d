/* A tree or a list of blocks as Slurm has it, before it is written in one form or the other. */
#pragma once

#include "fabric/topology_parts.h"

/* A switch with hosts or with switches below it, or a block. */
struct slurm_entry {
	const char *name;
	const char **nodes;
	uint32_t node_count;
	const char **children;
	uint32_t child_count;
};

struct slurm_entries {
	struct slurm_entry *items;
	uint32_t count;
	uint64_t sizes[16]; /* of blocks; as many as Slurm takes */
	unsigned size_count;
};

enum {
	SLURM_UNPLACED_MAXIMUM = 64, /* that become a switch each; more share one */
};

/* Leaves first, roots last. */
bool slurm_tree_make(const struct topology_job *job, struct slurm_entries *ret_tree,
		     struct error *err);

/* Fails with ERROR_MISSING when no domain has two hosts. */
bool slurm_blocks_make(const struct topology_job *job, struct slurm_entries *ret_blocks,
		       struct error *err);
