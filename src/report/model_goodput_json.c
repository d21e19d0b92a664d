#include "report/json_parts.h"
#include "report/model_goodput.h"
#include "report/parameters.h"

static const char *const case_names[] = {
	[CASE_LIKELY] = "likely", [CASE_BEST] = "best", [CASE_WORST] = "worst"
};

static void pair_number(struct json_writer *writer, const char *key, double value)
{
	json_key(writer, key);
	json_put_number(writer, value);
}

static void pair_figures(struct json_writer *writer, const struct goodput_study *study)
{
	json_key(writer, "figures");
	json_open_array(writer);
	for (unsigned i = 0; i < FIGURE_COUNT; i++) {
		json_open_object(writer);
		json_pair_string(writer, "name", goodput_figures[i].name);
		pair_number(writer, "value", study->figures[i].value);
		pair_number(writer, "low", study->figures[i].low);
		pair_number(writer, "high", study->figures[i].high);
		json_pair_string(writer, "unit", goodput_figures[i].unit);
		json_pair_string(writer, "meaning", goodput_figures[i].title);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_causes(struct json_writer *writer, const struct goodput_study *study,
			const struct simulation_result *result)
{
	json_key(writer, "causes");
	json_open_array(writer);
	for (unsigned i = 0; i < study->cause_count; i++) {
		json_open_object(writer);
		json_pair_string(writer, "cause", study->causes[i].name);
		json_pair_integer(writer, "nodes", study->causes[i].nodes);
		pair_number(writer, "failures", result->by_cause[i]);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void put_case(struct json_writer *writer, const struct goodput_study *study,
		     enum goodput_case which)
{
	const struct simulation_result *result = &study->results[which];
	const struct simulation_inputs *inputs = &study->inputs[which];

	json_open_object(writer);
	json_pair_string(writer, "case", case_names[which]);
	json_pair_integer(writer, "nodes", inputs->nodes);
	json_pair_integer(writer, "spares", inputs->spares);
	pair_number(writer, "interval_h", inputs->interval_h);
	json_key(writer, "useful");
	json_open_object(writer);
	pair_number(writer, "mean", result->mean);
	pair_number(writer, "error", result->error);
	pair_number(writer, "p10", result->low);
	pair_number(writer, "p50", result->median);
	pair_number(writer, "p90", result->high);
	json_close_object(writer);
	json_key(writer, "lost");
	json_open_object(writer);
	for (unsigned i = 0; i < LOSS_COUNT; i++)
		pair_number(writer, loss_names[i], result->lost[i]);
	json_close_object(writer);
	pair_number(writer, "failures", result->failures);
	pair_causes(writer, study, result);
	pair_number(writer, "waited", result->waited);
	pair_number(writer, "peak_away", result->peak);
	json_pair_integer(writer, "events", (int64_t)result->events);
	json_close_object(writer);
}

static void pair_simulation(struct json_writer *writer, const struct goodput_study *study,
			    const struct goodput_request *request)
{
	json_key(writer, "simulation");
	if (!study->simulated) {
		json_put_null(writer);
		return;
	}
	json_open_object(writer);
	json_pair_integer(writer, "seed", (int64_t)request->seed);
	json_pair_integer(writer, "runs", request->runs);
	pair_number(writer, "days", study->inputs[CASE_LIKELY].horizon_h / 24);
	json_pair_integer(writer, "events", (int64_t)study->events);
	json_key(writer, "cases");
	json_open_array(writer);
	for (unsigned i = 0; i < CASE_COUNT; i++)
		put_case(writer, study, (enum goodput_case)i);
	json_close_array(writer);
	json_pair_integer(writer, "spares_needed", study->spares_needed);
	json_key(writer, "interval");
	json_open_object(writer);
	pair_number(writer, "best_h", study->optimum.interval_h);
	pair_number(writer, "low_h", study->optimum.low_h);
	pair_number(writer, "high_h", study->optimum.high_h);
	pair_number(writer, "useful", study->optimum.mean);
	json_close_object(writer);
	json_close_object(writer);
}

void model_goodput_json(const struct goodput_study *study, const struct goodput_request *request,
			struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/model-goodput/v1");
	pair_figures(&writer, study);
	pair_simulation(&writer, study, request);
	parameters_pair(&writer, study->parameters);
	json_close_document(&writer);
}
