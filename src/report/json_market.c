#include "rating/price.h"
#include "report/json_parts.h"
#include "report/site_market.h"

void json_pair_prices(struct json_writer *writer, const struct rating *rating,
		      const struct listed_prices *listed)
{
	SCOPED_ARENA(arena);
	struct price_list list;

	prices_of(rating, listed, &arena, &list);
	json_key(writer, "prices");
	json_open_array(writer);
	for (uint32_t i = 0; i < list.count; i++) {
		const struct offered_price *one = &list.items[i];
		const struct offered_price *better = one->dominated_by;

		json_open_object(writer);
		json_pair_string(writer, "provider", one->provider->name);
		json_pair_string(writer, "gpu", one->gpu);
		json_pair_string(writer, "rental", one->rental);
		json_key(writer, "usd_per_gpu_hour");
		json_put_number(writer, one->usd);
		json_pair_date(writer, "observed", one->record->observed);
		json_pair_string(writer, "record", one->is_listed ? NULL : one->record->id);
		json_pair_string(writer, "dominated_by", better ? better->provider->name : NULL);
		json_close_object(writer);
	}
	json_close_array(writer);
}

/* Another document as the value of a key, or null. */
static void pair_document(struct json_writer *writer, const char *key, const struct text *document)
{
	json_key(writer, key);
	if (document->length == 0)
		json_put_null(writer);
	else
		json_put_document(writer, text_span(document));
}

void market_json(const struct rating *rating, const struct site_market *market, struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };
	SCOPED_TEXT(trend);
	SCOPED_TEXT(effective);
	SCOPED_TEXT(advice);

	if (market && market->trend)
		trend_json(market->trend, &trend);
	if (market && market->effective)
		effective_json(market->effective, &effective);
	if (market && market->advice)
		advice_json(market->advice, &advice);
	json_open_rating(&writer, "assay/market/v1", rating);
	json_pair_prices(&writer, rating, rating->request.listed);
	pair_document(&writer, "trend", &trend);
	pair_document(&writer, "effective", &effective);
	pair_document(&writer, "advice", &advice);
	json_close_document(&writer);
}
