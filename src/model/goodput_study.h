/*
 * The parameters of goodput, and all that follows from them in closed forms: each figure at the
 * likely values, and between the best and the worst that the ranges allow. Then the simulation of
 * the same three cases.
 */
#pragma once

#include "model/parameter.h"
#include "model/simulation.h"

enum {
	GOODPUT_RANGES_MAXIMUM = 10, /* parameters that are ranges: 1,024 corners of their box */
};

/* The order of the table's rows. Times of the job's life are minutes in it, as people say them. */
enum goodput_parameter {
	GOODPUT_GPUS,
	GOODPUT_NODE,
	GOODPUT_BLAST,
	GOODPUT_MTBF,
	GOODPUT_FAILURE_RATE,
	GOODPUT_FAILURES,
	GOODPUT_OBSERVED_GPUS,
	GOODPUT_OBSERVED_DAYS,
	GOODPUT_CONFIDENCE,
	GOODPUT_RECOVERY,
	GOODPUT_RULE,
	GOODPUT_DETECT,
	GOODPUT_DRAIN,
	GOODPUT_INITIALISE,
	GOODPUT_REPLACE,
	GOODPUT_FAILOVER,
	GOODPUT_CHECKPOINT,
	GOODPUT_WRITE,
	GOODPUT_IDLE,
	GOODPUT_OVERHEAD,
	GOODPUT_GOAL,
	GOODPUT_PRICE,
	GOODPUT_DAYS,
	GOODPUT_SPARES,
	GOODPUT_CREWS,
	GOODPUT_NEVER_WAIT,
	GOODPUT_SLOW_RATE,
	GOODPUT_SLOW_SHARE,
	GOODPUT_SLOW_FIND,
	GOODPUT_CORRUPTION_RATE,
	GOODPUT_CORRUPTION_FIND,
	GOODPUT_AVAILABLE,
	GOODPUT_ALLOCATED,
	GOODPUT_PRODUCTIVE,
	GOODPUT_RECLAIMED,
	GOODPUT_TOGETHER,
	GOODPUT_SPOT_HOURS,
	GOODPUT_SPOT_PRICE,
	GOODPUT_DEADLINE,
	GOODPUT_PARAMETER_COUNT,
};

extern const struct parameter_table goodput_table;

enum goodput_figure {
	FIGURE_JOB_MTBF,
	FIGURE_FAILURE_RATE,
	FIGURE_GPU_DAYS,
	FIGURE_FAILURES,
	FIGURE_ALLOWANCE,
	FIGURE_EXPENSE,
	FIGURE_EXPENSE_COLD,
	FIGURE_EXPENSE_HOT,
	FIGURE_EXPENSE_TOLERANT,
	FIGURE_COST_FACTOR,
	FIGURE_COST,
	FIGURE_YOUNG,
	FIGURE_DALY,
	FIGURE_OPTIMUM,
	FIGURE_INTERVAL,
	FIGURE_ETTR,
	FIGURE_EXACT,
	FIGURE_AVAILABILITY,
	FIGURE_LOST_SCHEDULING,
	FIGURE_LOST_ALLOCATION,
	FIGURE_LOST_PRODUCTION,
	FIGURE_FLEET,
	FIGURE_AWAY,
	FIGURE_SPARES,
	FIGURE_SURVIVAL,
	FIGURE_SPOT_USEFUL,
	FIGURE_SPOT_COST,
	FIGURE_SPOT_LIMIT,
	FIGURE_BREAK_EVEN,
	FIGURE_DEADLINE,
	FIGURE_COUNT,
};

struct goodput_figure_row {
	const char *name;  /* "job-mtbf" */
	const char *unit;  /* "h"; "share" for 0 to 1 */
	const char *title; /* for people */
};

extern const struct goodput_figure_row goodput_figures[FIGURE_COUNT];

enum goodput_case {
	CASE_LIKELY,
	CASE_BEST,  /* every range at its cheap end */
	CASE_WORST, /* and at its dear end */
	CASE_COUNT,
};

struct goodput_study {
	const struct parameters *parameters;
	const struct failure_cause *causes;
	unsigned cause_count;
	struct failure_cause any; /* for when they are not told apart */
	double values[CASE_COUNT][GOODPUT_PARAMETER_COUNT];
	struct quantity figures[FIGURE_COUNT]; /* NAN: what it needs is not given */
	bool simulated;
	struct simulation_inputs inputs[CASE_COUNT];
	struct simulation_result results[CASE_COUNT];
	uint32_t spares_needed;            /* by simulation, of the likely case */
	struct simulation_optimum optimum; /* of the likely case */
	uint64_t events;                   /* of all of it */
};

/* What --set and presets leave open: failures per node and day or counted failures become the GPU
 * hours between failures, and where nothing is said of failures at all, these are the range over
 * published figures. Two ways to say how often it fails from the same origin are refused, of
 * different ones the stronger counts. More than GOODPUT_RANGES_MAXIMUM ranges are refused. */
bool goodput_settle(struct parameters *parameters, struct error *err);

/* Closed forms of settled parameters. The study keeps the parameters and the causes, which may be
 * NULL, and must not be moved. */
void goodput_study(const struct parameters *parameters, const struct failure_cause *causes,
		   unsigned cause_count, struct goodput_study *ret_study);

/* Simulates the three cases, the spares and the best interval. Fails when the parameters allow no
 * simulation. */
struct goodput_request {
	uint64_t seed;
	uint32_t runs;
	unsigned threads;
};

bool goodput_simulate(struct goodput_study *study, const struct goodput_request *request,
		      struct arena *arena, struct error *err);
