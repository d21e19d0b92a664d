#include <math.h>

#include "report/json_market_key.h"
#include "report/json_parts.h"
#include "report/market_index.h"

enum {
	USD_DECIMALS = 6,
	RATIO_DECIMALS = 6,
};

static void pair_name(struct json_writer *writer, const char *key, const struct book *book,
		      name_t name)
{
	json_key(writer, key);
	json_put_span(writer, names_text(&book->names, name));
}

static void put_vote(struct json_writer *writer, const struct book *book, const struct vote *vote)
{
	json_open_object(writer);
	pair_name(writer, "provider", book, vote->provider);
	json_pair_string(writer, "tier", tier_names[vote->tier]);
	json_pair_decimal(writer, "usd", vote->usd, USD_DECIMALS);
	json_pair_share(writer, "weight", vote->weight);
	json_pair_bool(writer, "dropped", vote->dropped);
	json_pair_integer(writer, "offers", vote->offers);
	json_pair_integer(writer, "hosts", vote->hosts);
	json_pair_integer(writer, "machines", vote->machines);
	json_pair_integer(writer, "quotes", vote->quotes);
	json_pair_integer(writer, "rows", (int64_t)vote->rows);
	json_close_object(writer);
}

static void pair_change(struct json_writer *writer, const char *key, const struct change *change)
{
	json_key(writer, key);
	json_open_object(writer);
	json_pair_decimal(writer, "ratio", change->ratio, RATIO_DECIMALS);
	json_pair_integer(writer, "matched", change->matched);
	json_pair_integer(writer, "providers", change->providers);
	json_pair_integer(writer, "gone", change->gone);
	json_pair_integer(writer, "new", change->new);
	json_close_object(writer);
}

static void pair_flags(struct json_writer *writer, unsigned flags)
{
	json_pair_string(writer, "confidence", flags ? "low" : "normal");
	json_key(writer, "flags");
	json_open_array(writer);
	for (unsigned i = 0; i < INDEX_FLAG_COUNT; i++) {
		if (!(flags & (1u << i)))
			continue;
		json_open_object(writer);
		json_pair_string(writer, "flag", index_flag_names[i]);
		json_pair_string(writer, "reason", index_flag_reasons[i]);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_counts(struct json_writer *writer, const uint64_t *counts)
{
	uint64_t of_key = 0;

	for (unsigned i = 0; i < REFUSAL_COUNT; i++)
		if (i != REFUSAL_OTHER_KEY && i != REFUSAL_SERVERLESS)
			of_key += counts[i];
	json_pair_integer(writer, "eligible", (int64_t)counts[REFUSAL_NONE]);
	json_pair_share(writer, "eligible_share",
			of_key > 0 ? (double)counts[REFUSAL_NONE] / (double)of_key : 0);
	json_key(writer, "refused");
	json_open_object(writer);
	for (unsigned i = REFUSAL_NONE + 1; i < REFUSAL_COUNT; i++)
		if (counts[i] > 0)
			json_pair_integer(writer, refusal_names[i], (int64_t)counts[i]);
	json_close_object(writer);
}

static void pair_ccir(struct json_writer *writer, const struct index_value *value)
{
	const struct ccir *ccir = &value->ccir;

	json_key(writer, "ccir");
	if (value->method != INDEX_CCIR_1_1_0 && value->method != INDEX_CCIR_1_1_1) {
		json_put_null(writer);
		return;
	}
	json_open_object(writer);
	json_pair_integer(writer, "observations", ccir->observations);
	json_pair_integer(writer, "valid_days", ccir->valid_days);
	json_pair_decimal(writer, "min", ccir->least, USD_DECIMALS);
	json_pair_decimal(writer, "max", ccir->most, USD_DECIMALS);
	json_pair_decimal(writer, "mean", ccir->mean, USD_DECIMALS);
	json_pair_decimal(writer, "stdev", ccir->deviation, USD_DECIMALS);
	json_key(writer, "daily");
	json_open_array(writer);
	for (unsigned d = 0; d < CCIR_WINDOW_DAYS; d++) {
		const struct ccir_day *day = &ccir->days[d];

		json_open_object(writer);
		json_pair_date(writer, "day", day->day);
		json_pair_integer(writer, "n_raw", day->raw);
		json_pair_integer(writer, "n_removed", day->removed);
		json_pair_integer(writer, "n_used", day->used);
		json_pair_decimal(writer, "median", day->median, USD_DECIMALS);
		json_pair_decimal(writer, "mean", day->mean, USD_DECIMALS);
		json_close_object(writer);
	}
	json_close_array(writer);
	json_close_object(writer);
}

static void pair_interval(struct json_writer *writer, const struct interval *interval)
{
	json_key(writer, "interval");
	if (isnan(interval->low)) {
		json_put_null(writer);
		return;
	}
	json_open_object(writer);
	json_pair_decimal(writer, "low", interval->low, USD_DECIMALS);
	json_pair_decimal(writer, "high", interval->high, USD_DECIMALS);
	json_pair_decimal(writer, "level", INTERVAL_HIGH - INTERVAL_LOW, 2);
	json_pair_integer(writer, "draws", interval->draws);
	json_close_object(writer);
}

static void pair_votes(struct json_writer *writer, const struct index_report *report,
		       const struct index_value *value)
{
	const struct votes *votes = &value->votes;

	json_key(writer, "providers");
	json_open_array(writer);
	for (size_t i = 0; i < votes->count; i++)
		put_vote(writer, report->book, &votes->items[i]);
	json_close_array(writer);
	json_pair_integer(writer, "dropped", (int64_t)votes->dropped);
	json_pair_integer(writer, "providers_seen", value->providers_seen);
	json_pair_integer(writer, "providers_stale", value->providers_stale);
	json_pair_integer(writer, "hosts", votes->hosts);
	json_pair_integer(writer, "machines", votes->machines);
	json_pair_integer(writer, "quotes", votes->quotes);
	json_pair_integer(writer, "rows", (int64_t)votes->rows);
	json_pair_share(writer, "concentration", votes->concentration);
}

static void put_value(struct json_writer *writer, const struct index_report *report,
		      const struct index_value *value)
{
	json_open_object(writer);
	json_pairs_key(writer, &value->key, report->book->catalogue);
	json_pair_string(writer, "method", index_methods[value->method].version);
	json_pair_integer(writer, "window_days", value->window_days);
	json_pair_date(writer, "day", value->day);
	json_pair_date(writer, "value_day", value->value_day);
	json_pair_decimal(writer, "usd", value->usd, USD_DECIMALS);
	pair_interval(writer, &value->interval);
	pair_flags(writer, value->flags);
	pair_votes(writer, report, value);
	pair_counts(writer, value->counts);
	pair_change(writer, "week", &value->week);
	pair_change(writer, "four_weeks", &value->month);
	pair_ccir(writer, value);
	if (isnan(value->usd))
		json_pair_string(writer, "input", NULL);
	else
		json_pair_hash(writer, "input", value->input);
	json_close_object(writer);
}

static void put_chain(struct json_writer *writer, const struct index_report *report,
		      const struct index_chain *chain)
{
	json_open_object(writer);
	json_pairs_key(writer, &chain->key, report->book->catalogue);
	json_key(writer, "points");
	json_open_array(writer);
	for (size_t i = 0; i < chain->count; i++) {
		const struct chained *point = &chain->points[i];

		json_open_object(writer);
		json_pair_date(writer, "day", point->day);
		json_pair_decimal(writer, "index", point->index, RATIO_DECIMALS);
		json_pair_integer(writer, "offers", point->offers);
		json_pair_integer(writer, "matched", point->matched);
		json_pair_integer(writer, "providers", point->providers);
		json_close_object(writer);
	}
	json_close_array(writer);
	json_close_object(writer);
}

void index_json(const struct index_report *report, struct text *into)
{
	const struct index_request *request = report->request;
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/index/v1");
	json_pair_string(&writer, "method", index_methods[request->method].version);
	json_pair_string(&writer, "scope", report->scope);
	json_pair_integer(&writer, "draws", request->draws);
	json_pair_integer(&writer, "seed", (int64_t)request->seed);
	json_pair_integer(&writer, "rows", (int64_t)report->book->rows);
	json_pair_integer(&writer, "kept", (int64_t)report->book->kept);
	json_key(&writer, "values");
	json_open_array(&writer);
	for (size_t i = 0; i < report->value_count; i++)
		put_value(&writer, report, &report->values[i]);
	json_close_array(&writer);
	json_key(&writer, "changes");
	json_open_array(&writer);
	for (size_t i = 0; i < report->chain_count; i++)
		put_chain(&writer, report, &report->chains[i]);
	json_close_array(&writer);
	json_close_document(&writer);
}
