#include "model/goodput_study.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "model/causes.h"
#include "model/goodput_view.h"
#include "model/survival.h"

enum {
	HOURS_PER_DAY = 24,
};

static const double MINUTES = 60; /* of an hour */
static const double MONTH_H = 730;

const struct goodput_figure_row goodput_figures[] = {
	[FIGURE_JOB_MTBF] = { "job-mtbf", "h", "hours between two failures of the job" },
	[FIGURE_FAILURE_RATE] = { "failure-rate", "failures/1000 node-days", "failures of nodes" },
	[FIGURE_GPU_DAYS] = { "gpu-days-per-failure", "GPU-days", "GPU-days per failure" },
	[FIGURE_FAILURES] = { "failures", "failures", "failures in the days simulated" },
	[FIGURE_ALLOWANCE] = { "allowance", "min", "what a failure may cost to reach the goal" },
	[FIGURE_EXPENSE] = { "expense", "share",
			     "goodput expense by the published formula: hours paid, not useful" },
	[FIGURE_EXPENSE_COLD] = { "expense-cold", "share",
				  "the same, when the job waits for repair" },
	[FIGURE_EXPENSE_HOT] = { "expense-hot", "share", "the same, when a spare takes over" },
	[FIGURE_EXPENSE_TOLERANT] = { "expense-tolerant", "share",
				      "the same, when the job goes on" },
	[FIGURE_COST_FACTOR] = { "cost-factor", "", "a useful hour costs so many paid ones" },
	[FIGURE_COST] = { "cost", "USD/GPU-hour", "cost of a useful GPU hour" },
	[FIGURE_YOUNG] = { "young", "min", "best checkpoint interval by Young" },
	[FIGURE_DALY] = { "daly", "min", "best checkpoint interval by Daly" },
	[FIGURE_OPTIMUM] = { "optimum", "min", "best checkpoint interval, exact" },
	[FIGURE_INTERVAL] = { "interval", "min", "checkpoint interval that is used" },
	[FIGURE_ETTR] = { "ettr", "share", "effective training time by Meta's estimate" },
	[FIGURE_EXACT] = { "exact", "share", "the same, exact" },
	[FIGURE_AVAILABILITY] = { "availability", "share", "of a node's time it is there" },
	[FIGURE_LOST_SCHEDULING] = { "lost-scheduling", "share", "of all hours: nodes are away" },
	[FIGURE_LOST_ALLOCATION] = { "lost-allocation", "share", "of all hours: not allocated" },
	[FIGURE_LOST_PRODUCTION] = { "lost-production", "share", "of all hours: no progress" },
	[FIGURE_FLEET] = { "fleet-goodput", "share", "of all hours: useful" },
	[FIGURE_AWAY] = { "away", "nodes", "nodes out of service on average" },
	[FIGURE_SPARES] = { "spares-needed", "nodes", "spares so that the job never waits" },
	[FIGURE_SURVIVAL] = { "survival", "share", "probability that all spot nodes survive" },
	[FIGURE_SPOT_USEFUL] = { "spot-useful", "share", "useful share of spot hours" },
	[FIGURE_SPOT_COST] = { "spot-cost", "USD/GPU-hour", "cost of a useful spot GPU hour" },
	[FIGURE_SPOT_LIMIT] = { "spot-limit", "USD/GPU-hour",
				"spot price at which both cost the same" },
	[FIGURE_BREAK_EVEN] = { "break-even-rate", "reclaims/h",
				"of the job, at which spot stops paying" },
	[FIGURE_DEADLINE] = { "deadline", "share", "probability that spot meets the deadline" },
};
static_assert(sizeof(goodput_figures) / sizeof(goodput_figures[0]) == FIGURE_COUNT,
	      "a row a figure");

static double expense(const struct goodput_view *view, enum recovery recovery)
{
	const double *values = view->values;
	struct expense_inputs inputs = {
		.recovery = recovery,
		.sum = values[GOODPUT_RULE] > 0,
		.gpus = values[GOODPUT_GPUS],
		.blast = values[GOODPUT_BLAST],
		.mtbf = values[GOODPUT_MTBF],
		.detect_h =
			goodput_hours(view, GOODPUT_DETECT) + goodput_hours(view, GOODPUT_DRAIN),
		.checkpoint_h = view->interval_h,
		.initialise_h = goodput_hours(view, GOODPUT_INITIALISE),
		.replace_h = goodput_hours(view, GOODPUT_REPLACE),
		.failover_h = goodput_hours(view, GOODPUT_FAILOVER),
		.idle = values[GOODPUT_IDLE],
		.overhead = values[GOODPUT_OVERHEAD],
	};

	return goodput_expense(&inputs).total;
}

/* Of a price that may not be given. */
static double cost(double price, double lost)
{
	return isnan(price) ? price : goodput_cost(price, lost);
}

static void figure_failures(const struct goodput_view *view, double *figures)
{
	const double *values = view->values;

	figures[FIGURE_JOB_MTBF] = view->mtbf_h;
	figures[FIGURE_FAILURE_RATE] =
		failures_per_1000_node_days(values[GOODPUT_MTBF], values[GOODPUT_NODE]);
	figures[FIGURE_GPU_DAYS] = values[GOODPUT_MTBF] / HOURS_PER_DAY;
	figures[FIGURE_FAILURES] = values[GOODPUT_DAYS] * HOURS_PER_DAY / view->mtbf_h;
	figures[FIGURE_ALLOWANCE] =
		goodput_allowance_h(values[GOODPUT_GOAL], view->mtbf_h) * MINUTES;
}

static void figure_expense(const struct goodput_view *view, double *figures)
{
	const double *values = view->values;
	double lost = expense(view, (enum recovery)values[GOODPUT_RECOVERY]);

	figures[FIGURE_EXPENSE] = lost;
	figures[FIGURE_EXPENSE_COLD] = expense(view, RECOVERY_COLD);
	figures[FIGURE_EXPENSE_HOT] = expense(view, RECOVERY_HOT);
	figures[FIGURE_EXPENSE_TOLERANT] = expense(view, RECOVERY_TOLERANT);
	figures[FIGURE_COST_FACTOR] = goodput_cost(1, lost);
	figures[FIGURE_COST] = cost(values[GOODPUT_PRICE], lost);
}

static void figure_checkpoints(const struct goodput_view *view, double *figures)
{
	struct checkpoint_costs costs = goodput_costs(view);

	figures[FIGURE_YOUNG] = checkpoint_young_h(view->write_h, view->mtbf_h) * MINUTES;
	figures[FIGURE_DALY] = checkpoint_daly_h(view->write_h, view->mtbf_h) * MINUTES;
	figures[FIGURE_OPTIMUM] = checkpoint_optimum_h(&costs) * MINUTES;
	figures[FIGURE_INTERVAL] = view->interval_h * MINUTES;
	figures[FIGURE_ETTR] = fmax(checkpoint_ettr(&costs), 0);
	figures[FIGURE_EXACT] = checkpoint_exact(&costs);
}

static void figure_fleet(const struct goodput_view *view, double *figures)
{
	const double *values = view->values;
	double rate = view->mean_nodes * values[GOODPUT_NODE] / values[GOODPUT_MTBF];
	double available = goodput_availability(rate, goodput_hours(view, GOODPUT_REPLACE));
	double productive = fmax(1 - figures[FIGURE_EXPENSE], 0);
	struct spare_inputs spares = goodput_spares(view);
	struct fleet_goodput fleet;

	figures[FIGURE_AVAILABILITY] = available;
	if (!isnan(values[GOODPUT_AVAILABLE]))
		available = values[GOODPUT_AVAILABLE];
	if (!isnan(values[GOODPUT_PRODUCTIVE]))
		productive = values[GOODPUT_PRODUCTIVE];
	fleet = goodput_of_fleet(available, values[GOODPUT_ALLOCATED], productive);
	figures[FIGURE_LOST_SCHEDULING] = fleet.scheduling;
	figures[FIGURE_LOST_ALLOCATION] = fleet.allocation;
	figures[FIGURE_LOST_PRODUCTION] = fleet.production;
	figures[FIGURE_FLEET] = fleet.total;
	figures[FIGURE_AWAY] = spares_away(&spares);
	figures[FIGURE_SPARES] = spares_needed(&spares, values[GOODPUT_DAYS] * HOURS_PER_DAY,
					       values[GOODPUT_NEVER_WAIT], NODES_MAXIMUM);
}

/* Spot nodes fail as others do, and are taken back besides. */
static void figure_spot(const struct goodput_view *view, double *figures)
{
	const double *values = view->values;
	struct preemption preemption = {
		.rate = survival_rate_of_share(values[GOODPUT_RECLAIMED], MONTH_H),
		.together = values[GOODPUT_TOGETHER],
	};
	uint32_t nodes = (uint32_t)fmin(view->nodes, UINT32_MAX);
	double fixed = fmax(1 - figures[FIGURE_EXPENSE], 0);
	struct preemptible job = {
		.job_rate = survival_job_rate(&preemption, nodes) + 1 / view->mtbf_h,
		.interval_h = view->interval_h,
		.write_h = view->write_h,
		.restart_h = view->recovery_h,
	};
	double useful;

	job.interval_h = isnan(values[GOODPUT_CHECKPOINT])
				 ? goodput_interval_h(view->write_h, 1 / job.job_rate)
				 : view->interval_h;
	useful = survival_useful_share(&job);
	figures[FIGURE_SURVIVAL] =
		survival_probability(&preemption, nodes, values[GOODPUT_SPOT_HOURS]);
	figures[FIGURE_SPOT_USEFUL] = useful;
	figures[FIGURE_SPOT_COST] = cost(values[GOODPUT_SPOT_PRICE], 1 - useful);
	figures[FIGURE_SPOT_LIMIT] = values[GOODPUT_PRICE] * useful / fixed;
	figures[FIGURE_BREAK_EVEN] = fmax(survival_break_even_rate(&job, values[GOODPUT_SPOT_PRICE],
								   values[GOODPUT_PRICE], fixed) -
						  1 / view->mtbf_h,
					  0);
	if (isnan(values[GOODPUT_SPOT_PRICE]) || isnan(values[GOODPUT_PRICE]))
		figures[FIGURE_BREAK_EVEN] = NAN;
	figures[FIGURE_DEADLINE] = isnan(values[GOODPUT_DEADLINE])
					   ? (double)NAN
					   : survival_deadline(&job, values[GOODPUT_SPOT_HOURS],
							       values[GOODPUT_DEADLINE]);
}

static void figure_all(const double *values, double mean_nodes, double *figures)
{
	struct goodput_view view = goodput_look(values, mean_nodes);

	figure_failures(&view, figures);
	figure_expense(&view, figures);
	figure_checkpoints(&view, figures);
	figure_fleet(&view, figures);
	figure_spot(&view, figures);
}

/* More of these is better; of all others it is worse, or all the same. */
static bool more_is_better(enum goodput_parameter parameter)
{
	return parameter == GOODPUT_MTBF || parameter == GOODPUT_SPARES ||
	       parameter == GOODPUT_CREWS || parameter == GOODPUT_AVAILABLE ||
	       parameter == GOODPUT_ALLOCATED || parameter == GOODPUT_PRODUCTIVE ||
	       parameter == GOODPUT_TOGETHER || parameter == GOODPUT_DEADLINE;
}

static void set_cases(struct goodput_study *study)
{
	for (unsigned i = 0; i < GOODPUT_PARAMETER_COUNT; i++) {
		const struct quantity *value = &study->parameters->values[i];
		bool better = more_is_better((enum goodput_parameter)i);

		study->values[CASE_LIKELY][i] = value->value;
		study->values[CASE_BEST][i] = better ? value->high : value->low;
		study->values[CASE_WORST][i] = better ? value->low : value->high;
	}
}

static void widen(struct goodput_study *study, const double *figures)
{
	for (unsigned i = 0; i < FIGURE_COUNT; i++) {
		study->figures[i].low = fmin(study->figures[i].low, figures[i]);
		study->figures[i].high = fmax(study->figures[i].high, figures[i]);
	}
}

/* All corners of the box that the ranges make: what is in between need not lie between the cheap
 * and the dear end, as the best interval shows. */
static void visit_corners(struct goodput_study *study, double mean_nodes)
{
	unsigned ranged[GOODPUT_RANGES_MAXIMUM];
	unsigned count = 0;
	double figures[FIGURE_COUNT];
	double values[GOODPUT_PARAMETER_COUNT];

	for (unsigned i = 0; i < GOODPUT_PARAMETER_COUNT; i++) {
		const struct quantity *value = &study->parameters->values[i];

		if (value->low < value->high && count < GOODPUT_RANGES_MAXIMUM)
			ranged[count++] = i;
	}
	for (uint32_t corner = 0; corner < 1u << count; corner++) {
		memcpy(values, study->values[CASE_LIKELY], sizeof(values));
		for (unsigned i = 0; i < count; i++)
			values[ranged[i]] = corner >> i & 1
						    ? study->parameters->values[ranged[i]].high
						    : study->parameters->values[ranged[i]].low;
		figure_all(values, mean_nodes, figures);
		widen(study, figures);
	}
}

/* Failures that nobody has told apart take a blast radius each. */
static void set_causes(struct goodput_study *study, const struct failure_cause *causes,
		       unsigned cause_count)
{
	const struct quantity *values = study->parameters->values;

	study->any = (struct failure_cause){
		.name = "any",
		.share = 1,
		.nodes = (uint32_t)ceil(values[GOODPUT_BLAST].value / values[GOODPUT_NODE].value),
	};
	study->causes = causes ? causes : &study->any;
	study->cause_count = causes ? cause_count : 1;
}

void goodput_study(const struct parameters *parameters, const struct failure_cause *causes,
		   unsigned cause_count, struct goodput_study *ret_study)
{
	double figures[FIGURE_COUNT];
	double mean_nodes;

	*ret_study = (struct goodput_study){ .parameters = parameters };
	set_causes(ret_study, causes, cause_count);
	mean_nodes = causes_mean_nodes(ret_study->causes, ret_study->cause_count);
	set_cases(ret_study);
	figure_all(ret_study->values[CASE_LIKELY], mean_nodes, figures);
	for (unsigned i = 0; i < FIGURE_COUNT; i++)
		ret_study->figures[i] = (struct quantity){ .value = figures[i],
							   .low = figures[i],
							   .high = figures[i] };
	for (unsigned i = CASE_BEST; i < CASE_COUNT; i++) {
		figure_all(ret_study->values[i], mean_nodes, figures);
		widen(ret_study, figures);
	}
	visit_corners(ret_study, mean_nodes);
}
