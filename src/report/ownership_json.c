#include <math.h>

#include "report/cost.h"
#include "report/json_parts.h"
#include "report/parameters.h"
#include "report/quantity.h"

enum {
	USD_DECIMALS = 6,
};

static void pair_lines(struct json_writer *writer, const struct ownership_cost *cost)
{
	json_key(writer, "lines");
	json_open_array(writer);
	for (unsigned i = 0; i < OWN_LINE_COUNT; i++) {
		json_open_object(writer);
		json_pair_string(writer, "name", ownership_line_names[i]);
		json_pair_string(writer, "kind", i < OWN_LINE_RUNNING ? "capital" : "running");
		json_pair_decimal(writer, "once_usd",
				  i < OWN_LINE_RUNNING ? cost->once[i] : (double)NAN, USD_DECIMALS);
		json_pair_decimal(writer, "month_usd", cost->month[i], USD_DECIMALS);
		json_pair_decimal(writer, "gpu_hour_usd", cost->hour[i], USD_DECIMALS);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_cooling(struct json_writer *writer, const char *key,
			 const struct ownership_cost *cost)
{
	json_key(writer, key);
	json_open_object(writer);
	json_pair_decimal(writer, "once_usd", cost->once[OWN_LINE_COOLING], USD_DECIMALS);
	json_pair_decimal(writer, "installed_kw", cost->it_kw, USD_DECIMALS);
	json_pair_decimal(writer, "load_kw", cost->building_kw, USD_DECIMALS);
	json_pair_decimal(writer, "pue", cost->pue, USD_DECIMALS);
	json_pair_decimal(writer, "gpu_hour_usd", cost->full_hour, USD_DECIMALS);
	json_close_object(writer);
}

static void pair_outlook(struct json_writer *writer, const struct ownership_outlook *outlook)
{
	json_key(writer, "outlook");
	json_open_object(writer);
	json_pair_string(writer, "endurance", endurance_names[outlook->endurance]);
	json_pair_decimal(writer, "price_usd", outlook->price, USD_DECIMALS);
	json_pair_decimal(writer, "margin", outlook->margin, USD_DECIMALS);
	json_pair_decimal(writer, "cash_usd", outlook->cash_hour, USD_DECIMALS);
	json_pair_decimal(writer, "breakeven_price_usd", outlook->breakeven_price, USD_DECIMALS);
	json_pair_decimal(writer, "breakeven_utilisation", outlook->breakeven_utilisation,
			  USD_DECIMALS);
	json_pair_decimal(writer, "payback_months", outlook->payback_months, 0);
	json_pair_decimal(writer, "internal_rate", outlook->internal_rate, USD_DECIMALS);
	json_close_object(writer);
}

static void pair_swings(struct json_writer *writer, const struct ownership_report *report)
{
	json_key(writer, "sensitivity");
	json_open_array(writer);
	for (unsigned i = 0; i < report->swing_count; i++) {
		const struct swing *swing = &report->swings[i];

		json_open_object(writer);
		json_pair_string(writer, "parameter",
				 report->parameters->table->rows[swing->parameter].name);
		json_pair_bool(writer, "ranged", swing->ranged);
		json_key(writer, "low");
		json_put_number(writer, swing->low);
		json_key(writer, "high");
		json_put_number(writer, swing->high);
		json_pair_decimal(writer, "low_usd", swing->figure_low, USD_DECIMALS);
		json_pair_decimal(writer, "high_usd", swing->figure_high, USD_DECIMALS);
		json_close_object(writer);
	}
	json_close_array(writer);
}

void ownership_json(const struct ownership_report *report, struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/ownership/v1");
	json_pair_integer(&writer, "seed", (int64_t)report->seed);
	json_pair_integer(&writer, "draws", report->draws);
	json_pair_quantity(&writer, "gpu_hour_usd", report->hour, USD_DECIMALS);
	json_pair_decimal(&writer, "capital_gpu_hour_usd", report->cost.capital_hour, USD_DECIMALS);
	json_pair_decimal(&writer, "running_gpu_hour_usd", report->cost.running_hour, USD_DECIMALS);
	json_pair_decimal(&writer, "idle_gpu_hour_usd", report->cost.idle_hour, USD_DECIMALS);
	json_pair_decimal(&writer, "server_price_usd", report->cost.server_price, USD_DECIMALS);
	json_pair_decimal(&writer, "capital_usd", report->cost.capital, USD_DECIMALS);
	pair_lines(&writer, &report->cost);
	pair_outlook(&writer, &report->outlook);
	pair_swings(&writer, report);
	json_key(&writer, "cooling");
	json_open_object(&writer);
	pair_cooling(&writer, "given", &report->cost);
	pair_cooling(&writer, "air", &report->air);
	pair_cooling(&writer, "liquid", &report->liquid);
	json_close_object(&writer);
	parameters_pair(&writer, report->parameters);
	json_close_document(&writer);
}
