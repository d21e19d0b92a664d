#include "report/advice.h"

#include <math.h>

#include "report/json_parts.h"
#include "report/parameters.h"

enum {
	USD_DECIMALS = 2,
	PRICE_DECIMALS = 4,
	HOURS_DECIMALS = 2,
};

/* JSON has no infinity: what has no end is null. */
static void pair_number(struct json_writer *writer, const char *key, double value,
			unsigned decimals)
{
	json_key(writer, key);
	if (isfinite(value))
		json_put_decimal(writer, value, decimals);
	else
		json_put_null(writer);
}

static void pair_range(struct json_writer *writer, const char *key, struct quantity range,
		       unsigned decimals)
{
	json_key(writer, key);
	json_open_object(writer);
	pair_number(writer, "value", range.value, decimals);
	pair_number(writer, "low", range.low, decimals);
	pair_number(writer, "high", range.high, decimals);
	json_close_object(writer);
}

static void pair_text(struct json_writer *writer, const char *key, const char *text)
{
	json_pair_string(writer, key, text && text[0] != '\0' ? text : NULL);
}

static void pair_need(struct json_writer *writer, const struct need *need)
{
	json_key(writer, "need");
	json_open_object(writer);
	json_pair_string(writer, "title", need->title);
	json_pair_decimal(writer, "gpus", need->gpus, 0);
	json_key(writer, "gpu");
	json_open_array(writer);
	for (unsigned i = 0; i < need->accept_count; i++) {
		json_open_object(writer);
		json_pair_string(writer, "name", need->accepts[i].name);
		pair_range(writer, "performance", need->accepts[i].performance, PRICE_DECIMALS);
		pair_text(writer, "source", need->accepts[i].source);
		json_close_object(writer);
	}
	json_close_array(writer);
	pair_number(writer, "hours", need->hours, HOURS_DECIMALS);
	pair_number(writer, "deadline_h", need->deadline_h, HOURS_DECIMALS);
	json_pair_decimal(writer, "confidence", need->confidence, SHARE_DECIMALS);
	json_pair_string(writer, "interruption", tolerance_names[need->tolerance]);
	json_pair_string(writer, "communication", traffic_names[need->traffic]);
	pair_text(writer, "minimum_grade",
		  need->grade_wanted ? grade_names[need->minimum_grade] : NULL);
	pair_number(writer, "budget_usd", need->budget_usd, USD_DECIMALS);
	json_close_object(writer);
}

static void pairs_offer(struct json_writer *writer, const struct advice *advice,
			const struct offer *offer)
{
	json_pair_string(writer, "provider", offer->provider);
	pair_text(writer, "product", offer->product);
	pair_text(writer, "region", offer->region);
	json_pair_string(writer, "gpu", advice->bench.catalogue->gpus[offer->gpu].name);
	json_pair_string(writer, "form", form_names[offer->form]);
	json_pair_string(writer, "rental", rental_names[offer->rental]);
	json_key(writer, "term_months");
	if (offer->rental == RENTAL_CONTRACT)
		json_put_integer(writer, offer->term_months);
	else
		json_put_null(writer);
	json_pair_string(writer, "stock", stock_names[offer->stock]);
	json_pair_date(writer, "observed", offer->observed);
	pair_text(writer, "source", offer->source);
}

static void pair_grade(struct json_writer *writer, const struct advice *advice,
		       const struct candidate *candidate)
{
	const struct need *need = advice->bench.need;
	const struct unit *unit = candidate->rated.unit;

	json_key(writer, "rating");
	if (!unit) {
		json_put_null(writer);
		return;
	}
	json_open_object(writer);
	json_pair_string(writer, "unit", unit->name);
	json_pair_bool(writer, "stands_in", candidate->rated.stands_in);
	pair_text(writer, "grade", unit->rated ? grade_names[unit->grade] : NULL);
	pair_number(writer, "probability",
		    need->grade_wanted ? rated_probability(&candidate->rated, need->minimum_grade)
				       : (double)NAN,
		    SHARE_DECIMALS);
	json_close_object(writer);
}

static void pair_lines(struct json_writer *writer, const struct estimate *estimate)
{
	json_key(writer, "lines");
	json_open_array(writer);
	for (unsigned line = 0; line < BILL_COUNT; line++) {
		json_open_object(writer);
		json_pair_string(writer, "name", bill_line_names[line]);
		pair_number(writer, "value", estimate->lines[line].value, USD_DECIMALS);
		pair_number(writer, "low", estimate->lines[line].low, USD_DECIMALS);
		pair_number(writer, "high", estimate->lines[line].high, USD_DECIMALS);
		json_pair_bool(writer, "known", !(estimate->unknown & (1u << line)));
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_estimate(struct json_writer *writer, const struct candidate *candidate)
{
	const struct estimate *estimate = &candidate->estimate;
	const struct pace *pace = &estimate->paces[CORNER_VALUE];

	json_key(writer, "estimate");
	if (!candidate->estimated) {
		json_put_null(writer);
		return;
	}
	json_open_object(writer);
	pair_range(writer, "usd", estimate->usd, USD_DECIMALS);
	pair_range(writer, "usd_gpu_hour", estimate->price, PRICE_DECIMALS);
	pair_range(writer, "hours", estimate->hours, HOURS_DECIMALS);
	pair_number(writer, "gpu_hours", estimate->gpu_hours, HOURS_DECIMALS);
	pair_number(writer, "in_time", estimate->in_time, SHARE_DECIMALS);
	pair_number(writer, "kept", estimate->survival, SHARE_DECIMALS);
	pair_number(writer, "interruptions", estimate->interruptions, SCORE_DECIMALS);
	pair_number(writer, "useful", pace->useful, SHARE_DECIMALS);
	pair_number(writer, "network", pace->network, SHARE_DECIMALS);
	pair_number(writer, "performance", pace->performance, SHARE_DECIMALS);
	pair_number(writer, "checkpoint_interval_h", pace->interval_h, SHARE_DECIMALS);
	json_pair_bool(writer, "network_known", !estimate->network_unknown);
	pair_lines(writer, estimate);
	json_close_object(writer);
}

static void pair_contrast(struct json_writer *writer, const struct advice *advice, size_t index)
{
	const struct contrast *contrast;

	json_key(writer, "against_first");
	if (index >= advice->explained) {
		json_put_null(writer);
		return;
	}
	contrast = &advice->contrasts[index];
	json_open_object(writer);
	pair_number(writer, "usd", contrast->usd, USD_DECIMALS);
	pair_number(writer, "hours", contrast->hours, HOURS_DECIMALS);
	json_pair_string(writer, "line", bill_line_names[contrast->line]);
	pair_number(writer, "line_usd", contrast->line_usd, USD_DECIMALS);
	pair_number(writer, "wins_at_price", contrast->wins_at_price, PRICE_DECIMALS);
	pair_number(writer, "wins_at_failures", contrast->wins_at_failures, SHARE_DECIMALS);
	pair_number(writer, "wins_at_deadline_h", contrast->wins_at_deadline_h, HOURS_DECIMALS);
	pair_number(writer, "sure_h", advice->sure_h[index], HOURS_DECIMALS);
	json_close_object(writer);
}

static void put_candidate(struct json_writer *writer, const struct advice *advice, size_t index)
{
	const struct candidate *candidate = &advice->candidates[index];
	bool fits = index < advice->fit_count;

	json_open_object(writer);
	json_key(writer, "rank");
	if (fits)
		json_put_integer(writer, (int64_t)index + 1);
	else
		json_put_null(writer);
	pairs_offer(writer, advice, candidate->offer);
	pair_text(writer, "obstacle", fits ? NULL : obstacle_names[candidate->obstacle]);
	pair_text(writer, "why", candidate->why);
	pair_grade(writer, advice, candidate);
	pair_estimate(writer, candidate);
	if (fits)
		pair_contrast(writer, advice, index);
	json_close_object(writer);
}

static void pair_candidates(struct json_writer *writer, const struct advice *advice,
			    const char *key, size_t first, size_t end)
{
	json_key(writer, key);
	json_open_array(writer);
	for (size_t i = first; i < end; i++)
		put_candidate(writer, advice, i);
	json_close_array(writer);
}

static void pair_excluded(struct json_writer *writer, const struct advice *advice)
{
	json_key(writer, "excluded");
	json_open_array(writer);
	for (unsigned i = OBSTACLE_NONE + 1; i < OBSTACLE_COUNT; i++) {
		if (advice->obstacles[i] == 0)
			continue;
		json_open_object(writer);
		json_pair_string(writer, "obstacle", obstacle_names[i]);
		json_pair_string(writer, "title", obstacle_titles[i]);
		json_pair_integer(writer, "offers", advice->obstacles[i]);
		json_pair_bool(writer, "unknown", i >= OBSTACLE_UNKNOWN);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_models(struct json_writer *writer, const struct advice *advice)
{
	const struct models *models = &advice->models;
	static const char *const keys[MODEL_COUNT] = { "on_demand", "spot", "contract" };

	json_key(writer, "models");
	json_open_object(writer);
	for (unsigned i = 0; i < MODEL_COUNT; i++) {
		const struct candidate *best = models->best[i];

		json_key(writer, keys[i]);
		if (!best) {
			json_put_null(writer);
			continue;
		}
		json_open_object(writer);
		pairs_offer(writer, advice, best->offer);
		pair_number(writer, "usd", best->estimate.usd.value, USD_DECIMALS);
		pair_text(writer, "obstacle",
			  best->obstacle == OBSTACLE_NONE ? NULL : obstacle_names[best->obstacle]);
		json_close_object(writer);
	}
	pair_number(writer, "contract_from_h", models->contract_from_h, HOURS_DECIMALS);
	pair_number(writer, "contract_share", models->contract_share, SHARE_DECIMALS);
	pair_number(writer, "spot_until_per_node_hour", models->spot_until, 6);
	pair_number(writer, "spot_saves_usd", models->spot_saves, USD_DECIMALS);
	json_key(writer, "curve");
	json_open_array(writer);
	for (unsigned i = 0; i < CURVE_POINTS; i++) {
		json_open_object(writer);
		pair_number(writer, "hours", models->curve[i].hours, HOURS_DECIMALS);
		for (unsigned j = 0; j < MODEL_COUNT; j++)
			pair_number(writer, keys[j], models->curve[i].usd[j], USD_DECIMALS);
		json_close_object(writer);
	}
	json_close_array(writer);
	json_close_object(writer);
}

static void pair_trials(struct json_writer *writer, const struct advice *advice)
{
	json_key(writer, "test_first");
	json_open_array(writer);
	for (size_t i = 0; i < advice->trial_count; i++) {
		const struct trial *trial = &advice->trials[i];

		json_open_object(writer);
		json_pair_string(writer, "title", trial->title);
		pair_number(writer, "usd", trial->usd, USD_DECIMALS);
		json_pair_string(writer, "criterion",
				 trial->criterion >= 0
					 ? advice->bench.standard->criteria[trial->criterion].id
					 : NULL);
		json_pair_bool(writer, "settled", trial->settled);
		json_pair_string(writer, "command", trial->command);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_anew(struct json_writer *writer, const struct advice *advice)
{
	json_key(writer, "decide_anew");
	json_open_object(writer);
	json_pair_date(writer, "by", advice->anew);
	pair_number(writer, "when_price_rises_by", advice->margin, SHARE_DECIMALS);
	pair_number(writer, "price_moved_by", advice->moved, SHARE_DECIMALS);
	json_close_object(writer);
}

void advice_json(const struct advice *advice, struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/advice/v1");
	json_pair_date(&writer, "today", advice->bench.today);
	json_pair_date(&writer, "newest_price", advice->newest);
	pair_need(&writer, advice->bench.need);
	parameters_pair(&writer, advice->bench.assumptions);
	json_pair_integer(&writer, "offers", (int64_t)advice->count);
	pair_candidates(&writer, advice, "ranked", 0, advice->fit_count);
	pair_candidates(&writer, advice, "would_fit", advice->fit_count,
			advice->fit_count + advice->unknown_count);
	pair_excluded(&writer, advice);
	pair_models(&writer, advice);
	pair_trials(&writer, advice);
	pair_anew(&writer, advice);
	json_close_document(&writer);
}
