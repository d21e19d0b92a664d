#include "report/json_market_key.h"
#include "report/json_parts.h"
#include "report/market_trend.h"

enum {
	USD_DECIMALS = 6,
	RATIO_DECIMALS = 4,
};

static void put_piece(struct json_writer *writer, const struct piece *piece)
{
	json_open_object(writer);
	json_pair_date(writer, "from", piece->from);
	json_pair_date(writer, "to", piece->to);
	json_pair_decimal(writer, "from_usd", piece->from_usd, USD_DECIMALS);
	json_pair_decimal(writer, "to_usd", piece->to_usd, USD_DECIMALS);
	json_pair_decimal(writer, "from_told", piece->from_told, USD_DECIMALS);
	json_pair_decimal(writer, "to_told", piece->to_told, USD_DECIMALS);
	json_pair_string(writer, "direction", direction_names[piece->direction]);
	json_pair_decimal(writer, "per_year", piece->per_year, RATIO_DECIMALS);
	json_pair_decimal(writer, "per_year_low", piece->per_year_low, RATIO_DECIMALS);
	json_pair_decimal(writer, "per_year_high", piece->per_year_high, RATIO_DECIMALS);
	json_pair_share(writer, "confidence", piece->confidence);
	json_close_object(writer);
}

static void put_turn(struct json_writer *writer, const struct turn *turn)
{
	json_open_object(writer);
	json_pair_date(writer, "day", turn->day);
	json_pair_date(writer, "earliest", turn->earliest);
	json_pair_date(writer, "latest", turn->latest);
	json_pair_decimal(writer, "usd", turn->usd, USD_DECIMALS);
	json_pair_share(writer, "confidence", turn->confidence);
	json_pair_bool(writer, "reverses", turn->reverses);
	json_close_object(writer);
}

static void put_value(struct json_writer *writer, const struct index_value *value, double followed)
{
	json_open_object(writer);
	json_pair_date(writer, "day", value->day);
	json_pair_decimal(writer, "usd", value->usd, USD_DECIMALS);
	json_pair_decimal(writer, "followed_usd", followed, USD_DECIMALS);
	json_pair_decimal(writer, "low", value->interval.low, USD_DECIMALS);
	json_pair_decimal(writer, "high", value->interval.high, USD_DECIMALS);
	json_pair_integer(writer, "providers", (int64_t)value->votes.count);
	json_pair_string(writer, "confidence", value->flags ? "low" : "normal");
	json_close_object(writer);
}

static void put_price(struct json_writer *writer, const struct generation_price *price)
{
	json_open_object(writer);
	json_pair_string(writer, "work", price->work);
	json_pair_bool(writer, "cited", price->cited);
	json_pair_decimal(writer, "ratio", price->value, RATIO_DECIMALS);
	json_pair_decimal(writer, "ratio_low", price->low, RATIO_DECIMALS);
	json_pair_decimal(writer, "ratio_high", price->high, RATIO_DECIMALS);
	json_pair_decimal(writer, "usd", price->usd, USD_DECIMALS);
	json_pair_decimal(writer, "usd_low", price->usd_low, USD_DECIMALS);
	json_pair_decimal(writer, "usd_high", price->usd_high, USD_DECIMALS);
	json_pair_decimal(writer, "gap", price->gap, RATIO_DECIMALS);
	json_pair_string(writer, "software", price->software);
	json_pair_string(writer, "source", price->source);
	json_pair_date(writer, "date", price->date);
	json_close_object(writer);
}

static void put_rival(struct json_writer *writer, const struct trend_report *report,
		      const struct trend_rival *rival)
{
	json_open_object(writer);
	json_pairs_key(writer, &rival->key, report->book->catalogue);
	json_pair_date(writer, "day", rival->day);
	json_pair_decimal(writer, "usd", rival->usd, USD_DECIMALS);
	json_key(writer, "prices");
	json_open_array(writer);
	for (size_t i = 0; i < rival->count; i++)
		put_price(writer, &rival->prices[i]);
	json_close_array(writer);
	json_close_object(writer);
}

static void put_path(struct json_writer *writer, const struct trend_key *key)
{
	json_key(writer, "pieces");
	json_open_array(writer);
	for (unsigned i = 0; i < key->trend.piece_count; i++)
		put_piece(writer, &key->trend.pieces[i]);
	json_close_array(writer);
	json_key(writer, "turns");
	json_open_array(writer);
	for (unsigned i = 0; i < key->trend.turn_count; i++)
		put_turn(writer, &key->trend.turns[i]);
	json_close_array(writer);
	json_key(writer, "values");
	json_open_array(writer);
	for (size_t i = 0; i < key->value_count; i++)
		put_value(writer, &key->values[i], key->usd[i]);
	json_close_array(writer);
}

static void put_key(struct json_writer *writer, const struct trend_report *report,
		    const struct trend_key *key)
{
	json_open_object(writer);
	json_pairs_key(writer, &key->key, report->book->catalogue);
	json_pair_string(writer, "direction", direction_names[key->trend.direction]);
	json_pair_decimal(writer, "noise", key->trend.noise, USD_DECIMALS);
	json_pair_integer(writer, "draws", key->trend.draws);
	json_pair_integer(writer, "passed_over", (int64_t)key->passed_over);
	put_path(writer, key);
	json_key(writer, "against");
	json_open_array(writer);
	for (size_t i = 0; i < key->rival_count; i++)
		put_rival(writer, report, &key->rivals[i]);
	json_close_array(writer);
	json_close_object(writer);
}

void trend_json(const struct trend_report *report, struct text *into)
{
	const struct index_request *request = report->request;
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/trend/v1");
	json_pair_string(&writer, "method", index_methods[request->method].version);
	json_pair_string(&writer, "trend_method", "assay-trend/2");
	json_pair_string(&writer, "follows", report->matched ? "same-offers" : "level");
	json_pair_string(&writer, "scope", report->scope);
	json_pair_integer(&writer, "step_days", report->step_days);
	json_pair_integer(&writer, "seed", (int64_t)request->seed);
	json_key(&writer, "keys");
	json_open_array(&writer);
	for (size_t i = 0; i < report->count; i++)
		put_key(&writer, report, &report->keys[i]);
	json_close_array(&writer);
	json_close_document(&writer);
}
