#include "report/model_training.h"

#include <math.h>

#include "report/json_parts.h"
#include "report/parameters.h"

enum {
	SECOND_DECIMALS = 6,
	RATE_DECIMALS = 3,
};

static void pair_quantity(struct json_writer *writer, const char *key, struct quantity quantity,
			  unsigned decimals)
{
	json_key(writer, key);
	if (isnan(quantity.value)) {
		json_put_null(writer);
		return;
	}
	json_open_object(writer);
	json_pair_decimal(writer, "value", quantity.value, decimals);
	json_pair_decimal(writer, "low", quantity.low, decimals);
	json_pair_decimal(writer, "high", quantity.high, decimals);
	json_close_object(writer);
}

static void pair_step(struct json_writer *writer, const char *key, const struct training_step *step)
{
	json_key(writer, key);
	json_open_object(writer);
	json_pair_decimal(writer, "compute_s", step->compute_s, SECOND_DECIMALS);
	json_pair_decimal(writer, "bubble_s", step->bubble_s, SECOND_DECIMALS);
	json_pair_decimal(writer, "exposed_s", step->exposed_s, SECOND_DECIMALS);
	json_pair_decimal(writer, "time_s", step->time_s, SECOND_DECIMALS);
	json_pair_decimal(writer, "tokens_per_s", step->tokens_per_s, RATE_DECIMALS);
	json_key(writer, "communication");
	json_open_array(writer);
	for (int i = 0; i < COMMUNICATION_COUNT; i++) {
		const struct communication_cost *cost = &step->costs[i];

		if (!(cost->time_s > 0))
			continue;
		json_open_object(writer);
		json_pair_string(writer, "name", communication_names[i]);
		json_pair_decimal(writer, "bytes", cost->bytes, 0);
		json_pair_decimal(writer, "time_s", cost->time_s, SECOND_DECIMALS);
		json_pair_decimal(writer, "exposed_s", cost->exposed_s, SECOND_DECIMALS);
		json_pair_string(writer, "algorithm", algorithm_names[cost->algorithm]);
		json_pair_bool(writer, "crosses", cost->crosses);
		json_close_object(writer);
	}
	json_close_array(writer);
	json_close_object(writer);
}

static void put_law(struct json_writer *writer, const char *name, double share)
{
	json_open_object(writer);
	json_pair_string(writer, "name", name);
	json_pair_decimal(writer, "share", share, SHARE_DECIMALS);
	json_key(writer, "change");
	json_open_array(writer);
	for (int i = 0; i < LAW_BANDWIDTHS; i++) {
		json_open_object(writer);
		json_key(writer, "bandwidth");
		json_put_number(writer, law_bandwidths[i]);
		json_pair_decimal(writer, "mfu", training_law(law_bandwidths[i], share) - 1,
				  SHARE_DECIMALS);
		json_close_object(writer);
	}
	json_close_array(writer);
	json_close_object(writer);
}

static void pair_named(struct json_writer *writer, const char *key, const char *name,
		       const struct parameters *parameters)
{
	json_key(writer, key);
	json_open_object(writer);
	json_pair_string(writer, "name", name);
	parameters_pair(writer, parameters);
	json_close_object(writer);
}

static void put_case(struct json_writer *writer, const struct training_row *row)
{
	const struct training_comparison *to = &row->comparison;
	const struct transformer *model = &to->input.transformer;

	json_open_object(writer);
	pair_named(writer, "model", row->model, row->training);
	pair_named(writer, "network_a", row->network_a, row->parameters_a);
	pair_named(writer, "network_b", row->network_b, row->parameters_b);
	json_pair_integer(writer, "gpus", to->input.training.gpus);
	json_pair_decimal(writer, "model_parameters", transformer_parameters(model), 0);
	json_pair_decimal(writer, "active_parameters", transformer_active_parameters(model), 0);
	pair_quantity(writer, "mfu_a", to->mfu_a, SHARE_DECIMALS);
	pair_quantity(writer, "mfu_b", to->mfu_b, SHARE_DECIMALS);
	pair_quantity(writer, "wait_a", to->wait_a, SHARE_DECIMALS);
	pair_quantity(writer, "wait_b", to->wait_b, SHARE_DECIMALS);
	pair_quantity(writer, "ratio", to->ratio, SHARE_DECIMALS);
	pair_quantity(writer, "speed", to->speed, SHARE_DECIMALS);
	pair_quantity(writer, "usd_per_billion_a", to->usd_a, RATE_DECIMALS);
	pair_quantity(writer, "usd_per_billion_b", to->usd_b, RATE_DECIMALS);
	pair_quantity(writer, "usd_ratio", to->usd_ratio, SHARE_DECIMALS);
	pair_step(writer, "step_a", &to->a);
	pair_step(writer, "step_b", &to->b);
	json_key(writer, "law");
	put_law(writer, row->model, training_row_share(row));
	json_close_object(writer);
}

static const char *const band_names[BAND_COUNT] = {
	[BAND_ABOVE] = "above", [BAND_AT] = "at",       [BAND_RAILS] = "rails",
	[BAND_HALF] = "half",   [BAND_THIRD] = "third", [BAND_BETWEEN] = "between",
};

static const char *const shape_names[SHAPE_COUNT] = {
	[SHAPE_STRAIGHT] = "straight",
	[SHAPE_CURVED] = "curved",
	[SHAPE_ROUGH] = "rough",
};

static void put_points(struct json_writer *writer, const struct training_fit *fit)
{
	json_key(writer, "points");
	json_open_array(writer);
	for (unsigned i = 0; i < fit->fit.count; i++) {
		json_open_object(writer);
		json_key(writer, "bytes");
		json_put_number(writer, fit->timings[i].bytes);
		json_key(writer, "time_us");
		json_put_number(writer, fit->timings[i].time_us);
		json_pair_decimal(writer, "residual", fit->fit.residuals[i], SHARE_DECIMALS);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void put_fit(struct json_writer *writer, const struct training_fit *fit)
{
	const struct alpha_beta_meaning *meaning = &fit->meaning;

	json_open_object(writer);
	json_pair_string(writer, "title", fit->title);
	json_pair_string(writer, "network", fit->network);
	json_pair_string(writer, "collective", collective_names[fit->collective]);
	json_pair_integer(writer, "gpus", fit->gpus);
	json_pair_decimal(writer, "alpha_us", fit->fit.alpha_us, RATE_DECIMALS);
	json_pair_decimal(writer, "busbw_gb_per_s", fit->fit.busbw_gb_per_s, RATE_DECIMALS);
	json_pair_decimal(writer, "half_bytes", fit->fit.half_bytes, 0);
	json_pair_decimal(writer, "worst_residual", fit->fit.worst, SHARE_DECIMALS);
	json_pair_decimal(writer, "bound_gb_per_s", meaning->bound_gb_per_s, RATE_DECIMALS);
	json_pair_decimal(writer, "reference_gb_per_s", meaning->reference_gb_per_s, RATE_DECIMALS);
	json_pair_decimal(writer, "reference_share", meaning->share, SHARE_DECIMALS);
	json_pair_string(writer, "band", band_names[meaning->band]);
	json_key(writer, "rails");
	if (meaning->band == BAND_RAILS)
		json_put_integer(writer, meaning->rails);
	else
		json_put_null(writer);
	json_pair_decimal(writer, "step_us", meaning->step_us, RATE_DECIMALS);
	json_pair_decimal(writer, "expected_least_us", meaning->least_us, RATE_DECIMALS);
	json_pair_decimal(writer, "expected_most_us", meaning->most_us, RATE_DECIMALS);
	json_pair_string(writer, "residuals", shape_names[meaning->shape]);
	put_points(writer, fit);
	json_close_object(writer);
}

void training_json(const struct training_result *result, struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/training-result/v1");
	json_pair_decimal(&writer, "uncertainty", training_uncertainty, SHARE_DECIMALS);
	json_key(&writer, "cases");
	json_open_array(&writer);
	for (unsigned i = 0; i < result->row_count; i++)
		put_case(&writer, &result->rows[i]);
	json_close_array(&writer);
	json_key(&writer, "law");
	json_open_array(&writer);
	for (int i = 0; i < LAW_PUBLISHED; i++)
		put_law(&writer, law_published[i].name, law_published[i].share);
	json_close_array(&writer);
	json_key(&writer, "measured");
	json_open_array(&writer);
	for (unsigned i = 0; i < result->fit_count; i++)
		put_fit(&writer, &result->fits[i]);
	json_close_array(&writer);
	json_close_document(&writer);
}
