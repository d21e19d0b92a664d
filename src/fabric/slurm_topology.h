/*
 * Topology files of Slurm as somebody has them: topology.conf of the plug-ins tree and block, and
 * topology.yaml. Reading collects all faults with their lines and goes on, so that a file full of
 * them is read once; what the file means is judged in fabric/slurm_lint.h.
 */
#pragma once

#include "fabric/hostlist.h"

enum {
	SLURM_NAME_MAXIMUM = 64,
	SLURM_FILE_MAXIMUM = 64 << 20,
	SLURM_NAMES_MAXIMUM = 1 << 20, /* of all lists of a file */
	SLURM_SIZES_MAXIMUM = 16,
	SLURM_FINDINGS_MAXIMUM = 10000,
};

enum slurm_weight {
	SLURM_FAILS,   /* Slurm refuses it, or places jobs wrongly */
	SLURM_WARNS,   /* it works, and somebody should look */
	SLURM_UNKNOWN, /* could not be compared */
	SLURM_WEIGHT_COUNT,
};

/* The rules, by the names that reports give them. */
enum slurm_rule {
	/* of the file alone */
	SLURM_SYNTAX,
	SLURM_LONG_NAME,
	SLURM_NAME_TWICE,
	SLURM_NODES_AND_SWITCHES,
	SLURM_NOTHING_BELOW,
	SLURM_NO_SUCH_SWITCH,
	SLURM_TWO_PARENTS,
	SLURM_LOOP,
	SLURM_NO_ROOT,
	SLURM_NODE_TWICE,
	SLURM_BLOCK_SIZES,
	SLURM_SMALL_BLOCK,
	SLURM_NO_TOPOLOGY,
	/* against the fabric */
	SLURM_WRONG_SWITCH,
	SLURM_WRONG_PARENT,
	SLURM_MERGED,
	SLURM_SPLIT,
	SLURM_MISSING_NODES,
	SLURM_UNKNOWN_NODES,
	SLURM_NOT_COMPARED,
	SLURM_RULE_COUNT,
};

extern const char *const slurm_rule_names[SLURM_RULE_COUNT]; /* "wrong-switch" … */
extern const char *const slurm_weight_names[SLURM_WEIGHT_COUNT];

struct slurm_finding {
	enum slurm_rule rule;
	enum slurm_weight weight;
	uint32_t line;       /* 0: of the whole file */
	const char *subject; /* a node or a list, a switch, a block; "" */
	const char *says;    /* one line */
	const char *advice;  /* one line */
};

struct slurm_findings {
	struct arena *arena;
	struct slurm_finding *items; /* the first SLURM_FINDINGS_MAXIMUM */
	uint32_t kept, room;
	uint32_t counts[SLURM_WEIGHT_COUNT]; /* of all */
};

/* `says` and what follows are a format; `finding` gives the rest. */
void slurm_find(struct slurm_findings *findings, const struct slurm_finding *finding,
		const char *format, ...) __attribute__((format(printf, 3, 4)));

enum slurm_kind {
	SLURM_TREE,
	SLURM_BLOCK,
	SLURM_OTHER, /* flat, ring, torus3d, or nothing at all: not judged */
};

/* A switch, or a block. */
struct slurm_unit {
	const char *name;
	uint32_t line;
	uint32_t first_node, node_count;   /* in `nodes` of the topology */
	uint32_t first_child, child_count; /* in `children` */
};

struct slurm_topology {
	const char *name; /* "" in topology.conf */
	enum slurm_kind kind;
	uint32_t line;
	struct slurm_unit *units;
	uint32_t unit_count, room;
	struct hostlist nodes, children;
	uint64_t sizes[SLURM_SIZES_MAXIMUM];
	unsigned size_count;
	uint32_t sizes_line; /* 0: none are given */
};

struct slurm_file {
	struct arena *arena;
	const char *path;
	bool is_yaml;
	struct slurm_topology *topologies;
	uint32_t count, room;
	uint64_t names;                 /* of all lists, to bound them */
	struct slurm_findings findings; /* of the reading */
};

/* Everything is copied to the arena. Fails, with the file and the line, only where going on would
 * make no sense: YAML that is none, another kind of file, and with ERROR_LIMIT beyond the maxima.
 */
bool slurm_topology_read(struct span text, const char *path, struct arena *arena,
			 struct slurm_file *ret_file, struct error *err);

/* ---- for the readers of the two forms ---- */

struct slurm_topology *slurm_add_topology(struct slurm_file *file, const char *name,
					  enum slurm_kind kind, uint32_t line);
struct slurm_unit *slurm_add_unit(struct slurm_file *file, struct slurm_topology *topology,
				  struct span name, uint32_t line);

/* Names of a hostlist to the unit that was added last; a bad list is a finding. False beyond the
 * maxima. */
bool slurm_add_nodes(struct slurm_file *file, struct slurm_topology *topology, struct span list,
		     uint32_t line, struct error *err);
bool slurm_add_children(struct slurm_file *file, struct slurm_topology *topology, struct span list,
			uint32_t line, struct error *err);
void slurm_add_sizes(struct slurm_file *file, struct slurm_topology *topology, struct span list,
		     uint32_t line);
bool slurm_read_conf(struct slurm_file *file, struct span text, struct error *err);
bool slurm_read_yaml(struct slurm_file *file, struct span text, struct error *err);
