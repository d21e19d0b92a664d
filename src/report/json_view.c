#include <math.h>

#include "report/json_parts.h"
#include "report/site_served.h"

static void put_row(struct json_writer *writer, const struct league_view *view,
		    const struct league_row *row)
{
	const struct provider *provider = row->explanation->provider;
	const struct unit *unit = row->explanation->unit;
	const struct offered_price *price = row->price;

	json_open_object(writer);
	json_pair_string(writer, "provider", provider->name);
	json_pair_integer(writer, "rank", provider->rank);
	json_pairs_result(writer, unit, false);
	json_key(writer, "yours");
	if (view->is_weighed) {
		json_open_object(writer);
		json_pair_integer(writer, "place", row->place);
		json_pair_score(writer, "score", row->overall);
		json_close_object(writer);
	} else {
		json_put_null(writer);
	}
	json_key(writer, "price");
	if (price) {
		json_open_object(writer);
		json_pair_string(writer, "gpu", price->gpu);
		json_pair_string(writer, "rental", price->rental);
		json_key(writer, "usd_per_gpu_hour");
		json_put_number(writer, price->usd);
		json_pair_string(writer, "beaten_by",
				 price->dominated_by ? price->dominated_by->provider->name : NULL);
		json_close_object(writer);
	} else {
		json_put_null(writer);
	}
	json_close_object(writer);
}

static void pair_view(struct json_writer *writer, const struct standard *standard,
		      const struct league_view *view)
{
	json_key(writer, "view");
	json_open_object(writer);
	json_pair_string(writer, "order", league_order_names[view->order]);
	json_pair_string(writer, "gpu", view->gpu);
	json_pair_string(writer, "region", view->region);
	json_pair_string(writer, "rental", view->rental);
	json_key(writer, "price_maximum");
	json_put_number(writer, view->price_maximum);
	json_key(writer, "weights");
	if (view->is_weighed) {
		json_open_object(writer);
		for (uint32_t i = 0; i < standard->category_count; i++)
			json_pair_integer(writer, standard->categories[i].id, view->weights[i]);
		json_close_object(writer);
	} else {
		json_put_null(writer);
	}
	json_close_object(writer);
}

void league_view_json(const struct rating *rating, const struct explanation *explanations,
		      const struct league_view *view, struct text *into)
{
	SCOPED_ARENA(arena);
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };
	struct league_rows rows;

	league_rows_of(rating, explanations, view, &arena, &rows);
	json_open_rating(&writer, "assay/view/v1", rating);
	pair_view(&writer, rating->request.standard, view);
	json_key(&writer, "providers");
	json_open_array(&writer);
	for (uint32_t i = 0; i < rows.count; i++)
		put_row(&writer, view, &rows.items[i]);
	json_close_array(&writer);
	json_close_document(&writer);
}
