/*
 * What is measured of collectives: which kinds, sizes and ways between the GPUs, and how the facts
 * are named.
 */
#pragma once

#include "active/ensemble.h"
#include "base/repeats.h"

enum {
	SWEEP_SIZES_MAXIMUM = 40,
	SWEEP_VARIANTS_MAXIMUM = 24,
};

enum sweep_grouping {
	GROUPING_ALL,   /* one communicator of all ranks */
	GROUPING_RAILS, /* one of the first GPU of each process, one of the second … all at once */
};

/* One way between the GPUs. */
struct sweep_variant {
	const char *name;     /* "nvlink" */
	const char *settings; /* of the environment, as the request "open" takes them */
	uint64_t only_bytes;  /* one size and no curve; 0: a curve */
	enum sweep_grouping grouping;
	unsigned collectives; /* bit n: enum collective n */
	bool is_brief;        /* large sizes alone */
	bool has_pairs;       /* each rank's speed is looked for, with several partners */
	bool is_whole_time;   /* it goes on when it is known well enough, so that gaps show */
};

/* The ways that a profile measures, in order. `nics` are the RDMA devices of this node. Returns how
 * many. */
unsigned sweep_variants(enum active_profile profile, unsigned nodes, const char *const *nics,
			size_t nic_count, struct arena *arena,
			struct sweep_variant ret_variants[static SWEEP_VARIANTS_MAXIMUM]);

/* Bytes, ascending, of at most `most`. Returns how many. */
unsigned sweep_sizes(enum active_profile profile, bool is_brief, uint64_t most,
		     uint64_t ret_bytes[static SWEEP_SIZES_MAXIMUM]);

/* Elements of 4 bytes that are nearest to the size: a multiple of the ranks where the collective
 * shares them out, as nccl-tests does; 0: so few cannot be. */
uint64_t sweep_elements(enum collective collective, uint64_t bytes, unsigned ranks);

/* How often an operation is repeated in a block that should last about `budget_s`, when one took
 * `once_s`: 1 at least. */
unsigned sweep_iterations(double once_s, double budget_s);

/* With whom a rank speaks in a round of pairs, of ranks that lie evenly on nodes: with another on
 * its node when there is one node alone, else with one on another node; in each round with another.
 * False when it has nobody. */
bool sweep_partner(unsigned rank, unsigned ranks, unsigned nodes, unsigned round,
		   unsigned *ret_partner);

/* One sweep: all that process 0 knows while it measures. */
struct sweep {
	struct ensemble *ensemble;
	const struct sweep_variant *variant;
	unsigned group_count, group_size;
	uint64_t bytes;        /* that each of a rank's two buffers has */
	double point_s;        /* that one size of one collective may take */
	double done, all;      /* points, for the display */
	struct text facts;     /* not told yet */
	const char **requests; /* one a rank */
	struct ensemble_reply *replies;
	bool is_broken; /* a rank failed: no more of this variant */
};

/* Asks all ranks that have a request; false when one failed, or the test has to end. What failed is
 * then among the facts, and about `device` the measure is unknown. */
bool sweep_ask(struct sweep *sweep, int64_t limit_ns, enum rank_said awaited, enum measure measure,
	       const char *device);

/* A limit of one call that works for so long. */
int64_t sweep_limit_ns(const struct sweep *sweep, double seconds);

/* Adds a line of facts, "v DEVICE test.collective.time 1e-05". */
void sweep_says_value(struct sweep *sweep, enum measure measure, const char *device, double value);
void sweep_says_state(struct sweep *sweep, enum measure measure, const char *device,
		      const char *state);
void sweep_says_unknown(struct sweep *sweep, enum measure measure, const char *device,
			const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Tells all processes what has come so far. */
void sweep_tell(struct sweep *sweep);

/* Group of a rank, and its number in it. */
unsigned sweep_group(const struct sweep *sweep, unsigned rank, unsigned *ret_in_group);

/* New children that have opened their GPU and the library, in the variant's environment, and joined
 * communicators: of the variant's groups. */
bool sweep_open(struct sweep *sweep, uint64_t wanted);
bool sweep_join(struct sweep *sweep);

/* Measures a whole variant. */
void sweep_run(struct sweep *sweep, enum active_profile profile, uint64_t wanted);

/* Each rank with several others, one after the other: what it reaches at best. */
void sweep_pairs(struct sweep *sweep, uint64_t bytes);

/* After a hang: which rank works with nobody. */
void sweep_localise(struct sweep *sweep);
