#include "model/goodput_study.h"

#include <assert.h>
#include <math.h>

#include "model/goodput.h"
#include "model/poisson.h"

enum {
	HOURS_PER_DAY = 24,
};

/* GPU-days per failure of the worst and the best published figure: SemiAnalysis' assumption for a
 * silver cloud, 625, and CoreWeave's for its own, 3,748. */
static const double MTBF_LOW = 625 * HOURS_PER_DAY;
static const double MTBF_HIGH = 3748 * HOURS_PER_DAY;

#define SA "SemiAnalysis, rental TCO, 2026"
#define META "Meta, arXiv 2410.21680, 2024"
#define LLAMA "Meta, arXiv 2407.21783, 2024"
#define OWN "our own assumption"

/* Rows whose default is a range get it in goodput_settle. */
static const struct parameter_row rows[] = {
	[GOODPUT_GPUS] = { "gpus", "GPUs", 1024, 1, 8e6, "GPUs that the job needs at once", OWN },
	[GOODPUT_NODE] = { "node", "GPUs", 8, 1, 1024, "GPUs of one node", OWN },
	[GOODPUT_BLAST] = { "blast", "GPUs", 8, 0, 1e6, "GPUs that one failure takes", OWN },
	[GOODPUT_MTBF] = { "mtbf", "GPU-hours", NAN, 1, 1e12,
			   "hours of one GPU between failures that stop a job",
			   "the range over published figures: " SA
			   " (silver) and CoreWeave, 2025" },
	[GOODPUT_FAILURE_RATE] = { "failure-rate", "failures/1000 node-days", NAN, 1e-6, 1e9,
				   "the same as a rate of nodes", "" },
	[GOODPUT_FAILURES] = { "failures", "failures", NAN, 0, 1e9, "failures that were counted",
			       "" },
	[GOODPUT_OBSERVED_GPUS] = { "observed-gpus", "GPUs", NAN, 1, 1e9,
				    "GPUs that they were counted on", "" },
	[GOODPUT_OBSERVED_DAYS] = { "observed-days", "days", NAN, 1e-6, 1e6,
				    "days that they were counted for", "" },
	[GOODPUT_CONFIDENCE] = { "confidence", "share", 0.95, 0.5, 0.9999,
				 "of the interval of counted failures", OWN },
	[GOODPUT_RECOVERY] = { "recovery", "cold|hot|tolerant", RECOVERY_HOT, 0, 2,
			       "what follows a failure: a repair, a spare, or a job that goes on",
			       OWN },
	[GOODPUT_RULE] = { "rule", "max|sum", 0, 0, 1,
			   "detection and half a checkpoint interval: the larger, or both", SA },
	[GOODPUT_DETECT] = { "detect", "min", 15, 0, 1e6, "from a failure until it is noticed",
			     SA ": 2 to 60" },
	[GOODPUT_DRAIN] = { "drain", "min", 0, 0, 1e6, "to take the node out", "part of detect" },
	[GOODPUT_INITIALISE] = { "initialise", "min", 15, 0, 1e6, "to start the job again",
				 SA ": 10 to 15" },
	[GOODPUT_REPLACE] = { "replace", "min", 30, 0, 1e7, "until what failed is back in service",
			      SA ": 15 to 60" },
	[GOODPUT_FAILOVER] = { "failover", "min", 5, 0, 1e6,
			       "to go on without what failed, when tolerant", SA },
	[GOODPUT_CHECKPOINT] = { "checkpoint", "min", NAN, 1e-3, 1e7,
				 "work between two checkpoints; not given: as long as is best",
				 "" },
	[GOODPUT_WRITE] = { "write", "min", 1, 0, 1e6, "standstill for one checkpoint",
			    META ": 0.5 to 5" },
	[GOODPUT_IDLE] = { "idle", "share", 0, 0, 1, "of the spend for spares that stand by", OWN },
	[GOODPUT_OVERHEAD] = { "overhead", "share", 0, 0, 1,
			       "of memory or network for tolerance of failures", OWN },
	[GOODPUT_GOAL] = { "goal", "share", 0.9, 0, 1,
			   "useful share that the allowance of a failure is told for", LLAMA },
	[GOODPUT_PRICE] = { "price", "USD/GPU-hour", NAN, 0, 1e6, "what a GPU hour costs", "" },
	[GOODPUT_DAYS] = { "days", "days", 30, 1e-3, 36500, "that are simulated", OWN },
	[GOODPUT_SPARES] = { "spares", "nodes", NAN, 0, 1e6,
			     "that stand by; not given: as many as never-wait needs", "" },
	[GOODPUT_CREWS] = { "crews", "repairs", 0, 0, 1e6, "at the same time; 0: any number", OWN },
	[GOODPUT_NEVER_WAIT] = { "never-wait", "share", 0.95, 0, 0.9999999,
				 "probability that the job never waits for a spare", OWN },
	[GOODPUT_SLOW_RATE] = { "slow-rate", "nodes/1000 node-days", 0.03, 0, 1e9,
				"nodes that become slow",
				"ByteRobust, 2025: 0.8 % of incidents, of the failures of Llama "
				"3" },
	[GOODPUT_SLOW_SHARE] = { "slow-share", "share", 0.5, 0, 1,
				 "of the job's speed that a slow node takes",
				 "Azure, ND H100 v5: one throttled node halves two" },
	[GOODPUT_SLOW_FIND] = { "slow-find", "min", 60, 0, 1e7, "until a slow node is found", OWN },
	[GOODPUT_CORRUPTION_RATE] = { "corruption-rate", "corruptions/1000 node-days", 0.054, 0,
				      1e9, "silent data corruption", LLAMA ": 6 in 110,592" },
	[GOODPUT_CORRUPTION_FIND] = { "corruption-find", "min", 240, 0, 1e7,
				      "until a corruption is found", OWN },
	[GOODPUT_AVAILABLE] = { "available", "share", NAN, 0, 1,
				"of the nodes' time; not given: by failures and replace", "" },
	[GOODPUT_ALLOCATED] = { "allocated", "share", 1, 0, 1, "of the nodes that are there", OWN },
	[GOODPUT_PRODUCTIVE] = { "productive", "share", NAN, 0, 1,
				 "of the allocated hours; not given: 1 - expense", "" },
	[GOODPUT_RECLAIMED] = { "reclaimed", "share/month", 0.1, 0, 0.999999,
				"of spot nodes that are taken back in 730 h",
				"AWS, Spot Instance Advisor: bands from below 5 % to above 20 %" },
	[GOODPUT_TOGETHER] = { "together", "nodes", 1, 1, 1e6, "that are taken back at once", OWN },
	[GOODPUT_SPOT_HOURS] = { "spot-hours", "h", 24, 0, 1e6,
				 "that spot nodes have to survive, and useful hours of the work",
				 OWN },
	[GOODPUT_SPOT_PRICE] = { "spot-price", "USD/GPU-hour", NAN, 0, 1e6,
				 "what a preemptible GPU hour costs", "" },
	[GOODPUT_DEADLINE] = { "deadline", "h", NAN, 0, 1e6, "that the work has to be done in",
			       "" },
};
static_assert(sizeof(rows) / sizeof(rows[0]) == GOODPUT_PARAMETER_COUNT, "a row a parameter");

const struct parameter_table goodput_table = { "goodput", rows, GOODPUT_PARAMETER_COUNT };

/* What is not known better is a range. */
static const struct {
	enum goodput_parameter parameter;
	struct quantity range;
} unknowns[] = {
	{ GOODPUT_DETECT, { .low = 2, .value = 15, .high = 60 } },
	{ GOODPUT_INITIALISE, { .low = 10, .value = 15, .high = 15 } },
	{ GOODPUT_REPLACE, { .low = 15, .value = 30, .high = 60 } },
	{ GOODPUT_WRITE, { .low = 0.5, .value = 1, .high = 5 } },
	{ GOODPUT_RECLAIMED, { .low = 0.05, .value = 0.1, .high = 0.2 } },
};

static bool is_given(const struct parameters *parameters, enum goodput_parameter parameter)
{
	return !isnan(parameters->values[parameter].value);
}

static bool settle_counted(struct parameters *parameters, struct error *err)
{
	struct quantity *mtbf = &parameters->values[GOODPUT_MTBF];
	double failures = parameters->values[GOODPUT_FAILURES].value;
	struct count_interval interval;
	double gpu_hours;

	if (!is_given(parameters, GOODPUT_OBSERVED_GPUS) ||
	    !is_given(parameters, GOODPUT_OBSERVED_DAYS))
		return fail(err, ERROR_MISSING,
			    "counted failures say nothing without observed-gpus and "
			    "observed-days; give both");
	if (failures < 0 || fabs(failures - round(failures)) > 0)
		return fail(err, ERROR_INVALID,
			    "failures '%g': they are counted, so a whole number", failures);
	gpu_hours = parameters->values[GOODPUT_OBSERVED_GPUS].value *
		    parameters->values[GOODPUT_OBSERVED_DAYS].value * HOURS_PER_DAY;
	interval =
		poisson_interval((uint64_t)failures, parameters->values[GOODPUT_CONFIDENCE].value);
	mtbf->low = gpu_hours / interval.high;
	/* None counted: there is no upper end, and the likely value is the one that shows nothing
	 * half of the time. */
	mtbf->high = failures > 0 ? gpu_hours / interval.low : rows[GOODPUT_MTBF].maximum;
	mtbf->value = gpu_hours / (failures > 0 ? failures : gamma_quantile(1, 0.5));
	return true;
}

static void settle_rate(struct parameters *parameters)
{
	const struct quantity *rate = &parameters->values[GOODPUT_FAILURE_RATE];
	double node = parameters->values[GOODPUT_NODE].value;

	parameters->values[GOODPUT_MTBF] = (struct quantity){
		.value = mtbf_of_node_days(rate->value, node),
		.low = mtbf_of_node_days(rate->high, node),
		.high = mtbf_of_node_days(rate->low, node),
	};
}

/* The way to say how often it fails that counts; GOODPUT_PARAMETER_COUNT when none was used. */
static bool choose(const struct parameters *parameters, enum goodput_parameter *ret_way,
		   struct error *err)
{
	static const enum goodput_parameter ways[] = { GOODPUT_MTBF, GOODPUT_FAILURE_RATE,
						       GOODPUT_FAILURES };
	enum goodput_parameter best = GOODPUT_PARAMETER_COUNT;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (!is_given(parameters, ways[i]))
			continue;
		if (best != GOODPUT_PARAMETER_COUNT &&
		    parameters->origins[ways[i]] == parameters->origins[best])
			return fail(err, ERROR_CONFLICT,
				    "%s and %s both say how often it fails; give one of them",
				    rows[best].name, rows[ways[i]].name);
		if (best == GOODPUT_PARAMETER_COUNT ||
		    parameters->origins[ways[i]] > parameters->origins[best])
			best = ways[i];
	}
	*ret_way = best;
	return true;
}

static bool count_ranges(const struct parameters *parameters, struct error *err)
{
	unsigned ranges = 0;

	for (unsigned i = 0; i < GOODPUT_PARAMETER_COUNT; i++)
		ranges += parameters->values[i].low < parameters->values[i].high;
	if (ranges > GOODPUT_RANGES_MAXIMUM)
		return fail(err, ERROR_LIMIT,
			    "%u parameters are ranges, at most %d may be: set some to one number",
			    ranges, GOODPUT_RANGES_MAXIMUM);
	return true;
}

static bool settle_mtbf(struct parameters *parameters, struct error *err)
{
	enum goodput_parameter way = GOODPUT_PARAMETER_COUNT;

	if (!choose(parameters, &way, err))
		return false;
	if (way == GOODPUT_PARAMETER_COUNT) {
		parameters->values[GOODPUT_MTBF] = (struct quantity){
			.low = MTBF_LOW, .value = sqrt(MTBF_LOW * MTBF_HIGH), .high = MTBF_HIGH
		};
		return true;
	}
	if (way == GOODPUT_FAILURES && !settle_counted(parameters, err))
		return false;
	if (way == GOODPUT_FAILURE_RATE)
		settle_rate(parameters);
	parameters->origins[GOODPUT_MTBF] = parameters->origins[way];
	parameters->sources[GOODPUT_MTBF] = parameters->sources[way];
	return true;
}

bool goodput_settle(struct parameters *parameters, struct error *err)
{
	for (size_t i = 0; i < sizeof(unknowns) / sizeof(unknowns[0]); i++) {
		if (parameters->origins[unknowns[i].parameter] == ORIGIN_DEFAULT)
			parameters->values[unknowns[i].parameter] = unknowns[i].range;
	}
	return settle_mtbf(parameters, err) && count_ranges(parameters, err);
}
