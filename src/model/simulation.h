/*
 * A job on many nodes, event by event: nodes fail, the job stands, someone notices, the node is
 * drained, a spare takes over or the job waits for a repair, the job starts from its last
 * checkpoint and does again what it had done since. Nodes become slow and hold the whole job up
 * until they are found; corrupt results are found late and throw the job back to the last
 * checkpoint before them. Times are hours, rates per node and hour.
 *
 * Failures, slow nodes and corruption come at random with constant rates, at all times; of the
 * job's nodes only, idle spares do not fail. A failure in a recovery starts the recovery anew.
 * Repairs take exponential times. An event is a change of state: a failure, a detection, a drain,
 * a repair that ends, the arrival of a spare that was waited for, a restart, the start and the end
 * of a checkpoint, a node that becomes slow or is found, a corruption or its discovery.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "model/goodput.h"

enum {
	CAUSES_MAXIMUM = 32,
	RUNS_MAXIMUM = 1000000,
	NODES_MAXIMUM = 1000000,
	SPARES_UNLIMITED = 0x7fffffff,
};

/* Why the job stands: each hour that is not useful has one of these. */
enum loss {
	LOSS_WRITING,    /* checkpoints */
	LOSS_REWORK,     /* work since the last checkpoint, done again */
	LOSS_DETECTION,  /* nobody has noticed yet */
	LOSS_DRAIN,      /* the node is taken out */
	LOSS_WAITING,    /* for a spare or a repair */
	LOSS_RESTART,    /* start, or fail-over of a tolerant job */
	LOSS_MISSING,    /* a tolerant job runs without the failed nodes */
	LOSS_SLOW,       /* slow nodes */
	LOSS_CORRUPTION, /* work behind a corruption, thrown away */
	LOSS_COUNT,
};

extern const char *const loss_names[LOSS_COUNT];  /* "writing", for programs */
extern const char *const loss_titles[LOSS_COUNT]; /* for people */

struct failure_cause {
	const char *name;
	double share;   /* of all failures; the shares add up to 1 */
	uint32_t nodes; /* that it takes at once, the blast radius; 0: none, a restart cures it */
};

struct simulation_inputs {
	enum recovery recovery; /* cold: spares are not used */
	uint32_t nodes, spares, crews /* repairs at the same time; 0: any number */;
	double horizon_h;
	double failure_rate;
	const struct failure_cause *causes; /* NULL: one cause that takes one node */
	unsigned cause_count;
	double detect_h, drain_h, restart_h /* fail-over when tolerant */, repair_h;
	double interval_h, write_h; /* work between two checkpoints, standstill for one */
	double slow_rate, slow_share /* of the speed that is lost */, slow_find_h;
	double corruption_rate, corruption_find_h;
};

struct simulation_result {
	uint32_t runs;
	uint64_t events;
	double mean, error;       /* useful share, and the standard error of the mean */
	double low, median, high; /* the useful share that 10, 50, 90 % of the runs stay below */
	double lost[LOSS_COUNT];  /* means; with `mean` they add up to 1 */
	double failures;          /* mean count in a run */
	double by_cause[CAUSES_MAXIMUM];
	double waited;   /* share of the runs that waited for a spare at least once */
	double peak;     /* nodes out of service at once, mean of the runs' most */
	uint32_t *peaks; /* of each run, in rising order; for quantiles */
};

/* Refuses what can have no run: shares that do not add up, an interval that is not positive, more
 * events than 10^10. */
bool simulation_check(const struct simulation_inputs *inputs, uint32_t runs, struct error *err);

struct simulation_request {
	const struct simulation_inputs *inputs; /* checked */
	uint64_t seed;
	uint32_t runs; /* 1 to RUNS_MAXIMUM */
	unsigned threads;
};

/* The result does not depend on `threads`. Runs of the same seed draw the same failures whatever
 * the other inputs are, as far as they can, so that differences between inputs show with few runs.
 */
void simulate(const struct simulation_request *request, struct arena *arena,
	      struct simulation_result *ret_result);

/* Spares with which a share of `probability` of the runs never waits. The result is of a
 * simulation with SPARES_UNLIMITED. */
uint32_t simulation_spares(const struct simulation_result *result, double probability);

/* The interval of checkpoints with the best mean, on a grid of steps of 15 % around `around_h`,
 * refined by a parabola through the best three. The request's own interval is not looked at. */
struct simulation_optimum {
	double interval_h;
	double mean, error;   /* at the best point of the grid */
	double low_h, high_h; /* intervals whose mean cannot be told from the best by two errors */
	uint64_t events;
};

void simulation_find_interval(const struct simulation_request *request, double around_h,
			      struct arena *arena, struct simulation_optimum *ret_optimum);
