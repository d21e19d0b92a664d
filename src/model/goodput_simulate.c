#include <math.h>

#include "model/causes.h"
#include "model/goodput_view.h"

enum {
	OPTIMUM_RUNS = 100,
	HOURS_PER_DAY = 24,
};

static const double HOURS_OF_1000_NODE_DAYS = 24000;

static uint32_t spares_of(const struct goodput_view *view)
{
	const double *values = view->values;
	struct spare_inputs spares = goodput_spares(view);

	if (!isnan(values[GOODPUT_SPARES]))
		return (uint32_t)values[GOODPUT_SPARES];
	return spares_needed(&spares, values[GOODPUT_DAYS] * HOURS_PER_DAY,
			     values[GOODPUT_NEVER_WAIT], NODES_MAXIMUM);
}

static struct simulation_inputs inputs_of(const struct goodput_study *study,
					  enum goodput_case which)
{
	const double *values = study->values[which];
	struct goodput_view view =
		goodput_look(values, causes_mean_nodes(study->causes, study->cause_count));
	enum recovery recovery = (enum recovery)values[GOODPUT_RECOVERY];

	return (struct simulation_inputs){
		.recovery = recovery,
		.nodes = (uint32_t)fmin(view.nodes, UINT32_MAX),
		.spares = spares_of(&view),
		.crews = (uint32_t)values[GOODPUT_CREWS],
		.horizon_h = values[GOODPUT_DAYS] * HOURS_PER_DAY,
		.failure_rate = 1 / (view.mtbf_h * view.nodes),
		.causes = study->causes,
		.cause_count = study->cause_count,
		.detect_h = goodput_hours(&view, GOODPUT_DETECT),
		.drain_h = goodput_hours(&view, GOODPUT_DRAIN),
		.restart_h =
			goodput_hours(&view, recovery == RECOVERY_TOLERANT ? GOODPUT_FAILOVER
									   : GOODPUT_INITIALISE),
		.repair_h = goodput_hours(&view, GOODPUT_REPLACE),
		.interval_h = view.interval_h,
		.write_h = view.write_h,
		.slow_rate = values[GOODPUT_SLOW_RATE] / HOURS_OF_1000_NODE_DAYS,
		.slow_share = values[GOODPUT_SLOW_SHARE],
		.slow_find_h = goodput_hours(&view, GOODPUT_SLOW_FIND),
		.corruption_rate = values[GOODPUT_CORRUPTION_RATE] / HOURS_OF_1000_NODE_DAYS,
		.corruption_find_h = goodput_hours(&view, GOODPUT_CORRUPTION_FIND),
	};
}

static void find_spares(struct goodput_study *study, const struct simulation_request *request,
			struct arena *arena)
{
	struct simulation_inputs inputs = study->inputs[CASE_LIKELY];
	struct simulation_request one = *request;
	struct simulation_result result;

	inputs.spares = SPARES_UNLIMITED;
	one.inputs = &inputs;
	simulate(&one, arena, &result);
	study->spares_needed =
		simulation_spares(&result, study->values[CASE_LIKELY][GOODPUT_NEVER_WAIT]);
	study->events += result.events;
}

static void find_interval(struct goodput_study *study, const struct simulation_request *request,
			  struct arena *arena)
{
	struct simulation_request one = *request;
	double around_h = study->figures[FIGURE_DALY].value / 60;

	if (!(around_h > 0))
		return;
	one.inputs = &study->inputs[CASE_LIKELY];
	one.runs = one.runs < OPTIMUM_RUNS ? one.runs : OPTIMUM_RUNS;
	simulation_find_interval(&one, around_h, arena, &study->optimum);
	study->events += study->optimum.events;
}

bool goodput_simulate(struct goodput_study *study, const struct goodput_request *request,
		      struct arena *arena, struct error *err)
{
	struct simulation_request one = { .seed = request->seed,
					  .runs = request->runs,
					  .threads = request->threads };

	for (unsigned i = 0; i < CASE_COUNT; i++) {
		study->inputs[i] = inputs_of(study, (enum goodput_case)i);
		if (!simulation_check(&study->inputs[i], request->runs, err))
			return fail_while(err, "simulating");
	}
	for (unsigned i = 0; i < CASE_COUNT; i++) {
		one.inputs = &study->inputs[i];
		simulate(&one, arena, &study->results[i]);
		study->events += study->results[i].events;
	}
	find_spares(study, &one, arena);
	find_interval(study, &one, arena);
	study->simulated = true;
	return true;
}
