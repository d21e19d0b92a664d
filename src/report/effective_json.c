#include "report/cost.h"
#include "report/json_parts.h"
#include "report/quantity.h"

enum {
	USD_DECIMALS = 6,
};

static void put_step(struct json_writer *writer, const struct effective_price *price,
		     unsigned factor)
{
	const struct effective_value *value = &price->offer->factors[factor];
	const struct effective_step *step = &price->steps[factor];

	json_open_object(writer);
	json_pair_string(writer, "factor", effective_factor_names[factor]);
	json_pair_bool(writer, "known", step->known);
	json_pair_string(writer, "unit", effective_unknowns[factor].unit);
	json_key(writer, "value");
	json_put_number(writer, step->factor.value);
	json_key(writer, "low");
	json_put_number(writer, step->factor.low);
	json_key(writer, "high");
	json_put_number(writer, step->factor.high);
	json_pair_quantity(writer, "adds_usd", step->adds, USD_DECIMALS);
	json_pair_decimal(writer, "total_usd", step->total, USD_DECIMALS);
	json_pair_string(writer, "software", value->software);
	json_pair_string(writer, "source",
			 step->known ? value->source : effective_unknowns[factor].source);
	json_close_object(writer);
}

static void put_offer(struct json_writer *writer, const struct effective_price *price)
{
	const struct effective_offer *offer = price->offer;
	char amount[MONEY_TEXT_SIZE];

	json_open_object(writer);
	json_pair_string(writer, "name", offer->name);
	json_pair_string(writer, "amount", nano_format(offer->price.nano, amount));
	json_pair_string(writer, "currency", currency_code(offer->price.currency));
	json_pair_date(writer, "observed", offer->observed);
	json_pair_string(writer, "source", offer->source);
	json_pair_decimal(writer, "quote_usd", offer->quote.value, USD_DECIMALS);
	json_pair_quantity(writer, "effective_usd", price->usd, USD_DECIMALS);
	json_key(writer, "unknown");
	json_open_array(writer);
	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++) {
		if (price->unknown & 1u << i)
			json_put_string(writer, effective_factor_names[i]);
	}
	json_close_array(writer);
	json_key(writer, "steps");
	json_open_array(writer);
	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++)
		put_step(writer, price, i);
	json_close_array(writer);
	json_close_object(writer);
}

static void put_pair(struct json_writer *writer, const struct effective_pair *pair)
{
	json_open_object(writer);
	json_pair_string(writer, "offer", pair->offer->offer->name);
	json_pair_string(writer, "against", pair->other->offer->name);
	json_pair_quantity(writer, "ratio", pair->ratio, USD_DECIMALS);
	json_pair_quantity(writer, "pay_at_most", pair->pay_at_most, USD_DECIMALS);
	json_pair_decimal(writer, "cheaper", pair->cheaper, SHARE_DECIMALS);
	json_close_object(writer);
}

static void pair_need(struct json_writer *writer, const struct effective_need *need)
{
	json_key(writer, "need");
	json_open_object(writer);
	json_key(writer, "gpus");
	json_put_number(writer, need->gpus);
	json_key(writer, "months");
	json_put_number(writer, need->months);
	json_key(writer, "month_hours");
	json_put_number(writer, need->month_hours);
	json_pair_quantity(writer, "storage_gb", need->storage_gb, USD_DECIMALS);
	json_pair_quantity(writer, "egress_gb", need->egress_gb, USD_DECIMALS);
	json_close_object(writer);
}

void effective_json(const struct effective_report *report, struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/effective-price/v1");
	json_pair_string(&writer, "title", report->offers->title);
	json_pair_integer(&writer, "seed", (int64_t)report->draws.seed);
	json_pair_integer(&writer, "draws", report->draws.count);
	pair_need(&writer, &report->offers->need);
	json_key(&writer, "offers");
	json_open_array(&writer);
	for (unsigned i = 0; i < report->offers->count; i++)
		put_offer(&writer, &report->prices[i]);
	json_close_array(&writer);
	json_key(&writer, "pairs");
	json_open_array(&writer);
	for (unsigned i = 0; i < report->pair_count; i++)
		put_pair(&writer, &report->pairs[i]);
	json_close_array(&writer);
	json_close_document(&writer);
}
