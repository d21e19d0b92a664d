/*
 * What is wrong with a topology file of Slurm: by Slurm's own rules, and held against where hosts
 * really lie.
 */
#pragma once

#include "fabric/placement.h"
#include "fabric/slurm_topology.h"

/* Rules of the file alone. `findings` has the arena and those of the reading already. */
void slurm_lint(const struct slurm_file *file, struct slurm_findings *findings);

/* Trees against the units of the placement, blocks against its NVLink domains. A node is a host
 * when their names are alike, else when the parts before the first '.' are and no second host has
 * the same. A file that is coarser above its leaves (one switch over all) is fine. */
void slurm_lint_against(const struct slurm_file *file, const struct placement *placement,
			struct slurm_findings *findings);

/* By weight, the heaviest first, then by line. */
void slurm_findings_sort(struct slurm_findings *findings);

/* Of each unit of a tree the one that lists it, UINT32_MAX for none; of several the first. What is
 * wrong with them goes to `findings`, which may be NULL. */
uint32_t *slurm_parents(const struct slurm_topology *topology, struct arena *arena,
			struct slurm_findings *findings);

/* As a hostlist; a name that none can hold stands as it is. */
const char *slurm_join_names(const char *const *names, uint32_t count, struct arena *arena);
