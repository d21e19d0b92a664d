/*
 * Files that make a scheduler place jobs by the fabric, from where hosts lie: nothing is measured
 * or decided here. Each form is one text with a comment at its head that says where it comes from;
 * the same placement gives the same bytes.
 */
#pragma once

#include "base/text.h"
#include "fabric/placement.h"

enum topology_form {
	TOPOLOGY_SLURM_CONF,  /* topology.conf of topology/tree: a switch for each unit */
	TOPOLOGY_SLURM_YAML,  /* topology.yaml: the tree, and blocks where there are domains */
	TOPOLOGY_SLURM_BLOCK, /* topology.conf of topology/block: NVLink domains */
	TOPOLOGY_KUBERNETES,  /* Node objects with nothing but labels, for a server-side apply */
	TOPOLOGY_KUEUE,       /* a Topology of these labels */
	TOPOLOGY_VOLCANO,     /* HyperNodes */
	TOPOLOGY_NCCL,        /* nccl.conf */
	TOPOLOGY_HOSTS,       /* hosts, neighbours together, as ranks should be numbered */
	TOPOLOGY_FORM_COUNT,
};

extern const char *const topology_form_names[TOPOLOGY_FORM_COUNT]; /* "slurm-conf" … */

/* False when there is no such form. */
bool topology_form_find(struct span name, enum topology_form *ret_form);

/* What a fabric besides its placement says about NCCL's settings. */
struct topology_network {
	bool is_known;
	bool is_rail_optimised;
	bool is_rail_only;          /* rails do not meet in any switch */
	const char *const *devices; /* adapters of the compute fabric, alike on most hosts; none:
				     * hosts differ or are not known */
	uint32_t device_count;
	const char *const *others; /* hosts that have others */
	uint32_t other_count;
};

struct topology_options {
	const char *label_prefix; /* of Kubernetes' labels; NULL: TOPOLOGY_LABEL_PREFIX */
	uint32_t block_size;      /* planning base of topology/block; 0: the smallest domain */
	bool join;                /* units without a common one are put below one that is made up */
	struct topology_network network;
};

#define TOPOLOGY_LABEL_PREFIX "fabric.assay"

/* What the text does not say, or says with doubt; each a line for whoever asked for it.
 * `struct topology_notes notes = { .arena = &arena };` is ready. */
struct topology_notes {
	struct arena *arena;
	const char **lines;
	uint32_t count, room;
	uint32_t left_out; /* hosts that the text does not name */
	uint32_t unplaced; /* hosts that it names without a place */
};

/* Appends the file. Fails with ERROR_MISSING when nothing can be written: no host has a unit, or
 * none a domain where it takes domains; and with ERROR_INVALID on options that go with no part of
 * it. The placement is one that placement_check lets through. */
bool topology_write(enum topology_form form, const struct placement *placement,
		    const struct topology_options *options, struct topology_notes *notes,
		    struct text *into, struct error *err);
