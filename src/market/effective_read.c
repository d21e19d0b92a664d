#include <string.h>

#include "base/json.h"
#include "base/yaml.h"
#include "market/effective.h"

enum {
	TEXT_MAXIMUM = 400,
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct rate {
	currency_t currency;
	double usd; /* of one unit */
};

struct reading {
	const char *file;
	struct arena *arena;
	struct error *err;
	struct rate rates[EFFECTIVE_RATES_MAXIMUM];
	unsigned rate_count;
};

/* Of a field that is there, or NULL. */
static bool read_text(const struct reading *from, const struct node *map, const char *key,
		      const char **ret_text)
{
	const struct node *value = node_find(map, key);

	if (value && (value->text.length == 0 || value->text.length > TEXT_MAXIMUM))
		return node_fail(value, from->file, from->err, ERROR_INVALID,
				 "'%s' has from 1 to %d bytes", key, TEXT_MAXIMUM);
	*ret_text = value ? arena_string(from->arena, value->text) : NULL;
	return true;
}

struct bounds {
	const char *name, *unit;
	double minimum, maximum;
};

static bool read_quantity(const struct reading *from, const struct node *node,
			  const struct bounds *bounds, struct quantity *ret_quantity)
{
	struct quantity quantity;
	char low[32];
	char high[32];

	if (node->kind != NODE_SCALAR || !quantity_parse(node->text, &quantity))
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%s' is '%.*s'; write a number, or a range as 0.8..0.9",
				 bounds->name,
				 node->kind == NODE_SCALAR ? (int)node->text.length : 0,
				 node->kind == NODE_SCALAR ? node->text.at : "");
	if (quantity.low < bounds->minimum || quantity.high > bounds->maximum)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%s' is '%.*s'; it is from %s to %s, %s", bounds->name,
				 SPAN_ARGS(node->text), number_format(bounds->minimum, low),
				 number_format(bounds->maximum, high), bounds->unit);
	*ret_quantity = quantity;
	return true;
}

/* A field of a map, when it is there. */
static bool read_field(const struct reading *from, const struct node *map,
		       const struct bounds *bounds, struct quantity *ret_quantity)
{
	const struct node *node = node_find(map, bounds->name);

	return !node || read_quantity(from, node, bounds, ret_quantity);
}

static bool read_need(const struct reading *from, const struct node *map,
		      struct effective_need *ret_need)
{
	static const struct node_field fields[] = {
		{ "gpus", NODE_SCALAR, true },         { "months", NODE_SCALAR, true },
		{ "month_hours", NODE_SCALAR, false }, { "storage_gb", NODE_SCALAR, true },
		{ "egress_gb", NODE_SCALAR, true },
	};
	static const struct bounds gpus = { "gpus", "GPUs", 1, 1e7 };
	static const struct bounds months = { "months", "months", 0.01, 240 };
	static const struct bounds hours = { "month_hours", "hours", 672, 744 };
	static const struct bounds storage = { "storage_gb", "GB of one GPU", 0, 1e9 };
	static const struct bounds egress = { "egress_gb", "GB of one GPU a month", 0, 1e9 };
	struct quantity whole[3] = { [2] = quantity_of(730) };
	struct effective_need need;

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err) ||
	    !read_field(from, map, &gpus, &whole[0]) ||
	    !read_field(from, map, &months, &whole[1]) ||
	    !read_field(from, map, &hours, &whole[2]) ||
	    !read_field(from, map, &storage, &need.storage_gb) ||
	    !read_field(from, map, &egress, &need.egress_gb))
		return false;
	for (unsigned i = 0; i < LENGTH(whole); i++) {
		if (quantity_is_range(whole[i]))
			return node_fail(map, from->file, from->err, ERROR_INVALID,
					 "gpus, months and month_hours are numbers, not ranges");
	}
	need.gpus = whole[0].value;
	need.months = whole[1].value;
	need.month_hours = whole[2].value;
	*ret_need = need;
	return true;
}

static bool read_currency(const struct reading *from, const struct node *node,
			  currency_t *ret_currency)
{
	if (!currency_find(node->text, ret_currency))
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%.*s' is no currency of ISO 4217; write USD, EUR ...",
				 SPAN_ARGS(node->text));
	return true;
}

static bool read_rate(struct reading *from, const struct node *map)
{
	static const struct node_field fields[] = {
		{ "currency", NODE_SCALAR, true },
		{ "usd", NODE_SCALAR, true },
		{ "day", NODE_SCALAR, true },
		{ "source", NODE_SCALAR, true },
	};
	static const struct bounds usd = { "usd", "USD of one unit", 1e-6, 1e4 };
	struct rate *rate = &from->rates[from->rate_count];
	struct quantity value = { 0 };
	date_t day;

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err) ||
	    !read_currency(from, node_find(map, "currency"), &rate->currency) ||
	    !read_quantity(from, node_find(map, "usd"), &usd, &value))
		return false;
	if (!date_parse(node_find(map, "day")->text, &day))
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "the 'day' of a rate is written YYYY-MM-DD");
	for (unsigned i = 0; i < from->rate_count; i++) {
		if (from->rates[i].currency == rate->currency)
			return node_fail(map, from->file, from->err, ERROR_CONFLICT,
					 "a second rate of %s; give one",
					 currency_code(rate->currency));
	}
	rate->usd = value.value;
	from->rate_count++;
	return true;
}

static bool read_rates(struct reading *from, const struct node *list)
{
	from->rates[from->rate_count++] = (struct rate){ .currency = CURRENCY_USD, .usd = 1 };
	if (!list)
		return true;
	if (list->count >= EFFECTIVE_RATES_MAXIMUM)
		return node_fail(list, from->file, from->err, ERROR_LIMIT,
				 "there are %u rates; %d at most", list->count,
				 EFFECTIVE_RATES_MAXIMUM - 1);
	for (uint32_t i = 0; i < list->count; i++) {
		if (!read_rate(from, &list->items[i]))
			return false;
	}
	return true;
}

static bool to_usd(const struct reading *from, const struct node *node, struct money price,
		   double *ret_usd)
{
	for (unsigned i = 0; i < from->rate_count; i++) {
		if (from->rates[i].currency != price.currency)
			continue;
		*ret_usd = nano_to_double(price.nano) * from->rates[i].usd;
		return true;
	}
	return node_fail(node, from->file, from->err, ERROR_INVALID,
			 "a price in %s and no rate of it; add it to 'rates' with its day",
			 currency_code(price.currency));
}

static bool read_price(const struct reading *from, const struct node *map,
		       struct effective_offer *offer)
{
	static const struct node_field fields[] = {
		{ "amount", NODE_SCALAR, true },    { "currency", NODE_SCALAR, true },
		{ "observed", NODE_SCALAR, false }, { "source", NODE_SCALAR, false },
		{ "per", NODE_SCALAR, true },
	};
	double usd = 0;

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err) ||
	    !read_currency(from, node_find(map, "currency"), &offer->price.currency) ||
	    !read_text(from, map, "source", &offer->source))
		return false;

	const struct node *amount = node_find(map, "amount");
	if (!nano_parse(amount->text, &offer->price.nano) || offer->price.nano <= 0)
		return node_fail(amount, from->file, from->err, ERROR_INVALID,
				 "'amount' is '%.*s'; write what is asked, above 0 and without a "
				 "currency sign",
				 SPAN_ARGS(amount->text));

	const struct node *per = node_find(map, "per");
	if (!span_is(per->text, "GPU-hour"))
		return node_fail(per, from->file, from->err, ERROR_INVALID,
				 "'per' is '%.*s'; give the price of one GPU-hour",
				 SPAN_ARGS(per->text));

	const struct node *observed = node_find(map, "observed");
	offer->observed = DATE_NONE;
	if (observed && !date_parse(observed->text, &offer->observed))
		return node_fail(observed, from->file, from->err, ERROR_INVALID,
				 "'observed' is '%.*s'; write a day as YYYY-MM-DD",
				 SPAN_ARGS(observed->text));
	if (!to_usd(from, amount, offer->price, &usd))
		return false;
	offer->quote = quantity_of(usd);
	return true;
}

/* "unknown", "included", a number or range, or a map that holds it with its source. */
static bool read_factor(const struct reading *from, const struct node *node, unsigned factor,
			struct effective_value *ret_value)
{
	static const struct node_field fields[] = {
		{ "value", NODE_SCALAR, true },
		{ "source", NODE_SCALAR, false },
		{ "software", NODE_SCALAR, false },
	};
	const struct effective_unknown *unknown = &effective_unknowns[factor];
	const struct bounds bounds = { effective_factor_names[factor], unknown->unit,
				       unknown->minimum, unknown->maximum };
	const struct node *number = node;
	struct effective_value value = { .known = true };

	if (node->kind == NODE_MAP) {
		if (!node_expect(node, from->file, fields, LENGTH(fields), from->err) ||
		    !read_text(from, node, "source", &value.source) ||
		    !read_text(from, node, "software", &value.software))
			return false;
		number = node_find(node, "value");
	}
	if (number->kind == NODE_SCALAR && span_is(number->text, "unknown")) {
		*ret_value = (struct effective_value){ 0 };
		return true;
	}
	if (number->kind == NODE_SCALAR && span_is(number->text, "included")) {
		if (factor >= EFFECTIVE_PERFORMANCE)
			return node_fail(number, from->file, from->err, ERROR_INVALID,
					 "'%s' is no price that another could include; write a "
					 "number, or unknown",
					 bounds.name);
		*ret_value = value;
		return true;
	}
	if (!read_quantity(from, number, &bounds, &value.value))
		return false;
	if (factor == EFFECTIVE_PERFORMANCE && !value.software)
		return node_fail(
			node, from->file, from->err, ERROR_INVALID,
			"'performance' needs 'software': what it was measured with moves it "
			"more than most clouds do");
	*ret_value = value;
	return true;
}

static bool read_offer(const struct reading *from, const struct node *map,
		       struct effective_offer *offer)
{
	static const struct node_field fields[] = {
		{ "name", NODE_SCALAR, true },  { "price", NODE_MAP, true },
		{ "storage", NODE_ANY, false }, { "egress", NODE_ANY, false },
		{ "cpu", NODE_ANY, false },     { "network_fee", NODE_ANY, false },
		{ "support", NODE_ANY, false }, { "setup", NODE_ANY, false },
		{ "debug", NODE_ANY, false },   { "performance", NODE_ANY, false },
		{ "network", NODE_ANY, false }, { "loss", NODE_ANY, false },
	};

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err) ||
	    !read_text(from, map, "name", &offer->name) ||
	    !read_price(from, node_find(map, "price"), offer))
		return false;
	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++) {
		const struct node *node = node_find(map, effective_factor_names[i]);

		if (node && !read_factor(from, node, i, &offer->factors[i]))
			return false;
	}
	return true;
}

static bool read_offers(const struct reading *from, const struct node *list,
			struct effective_offers *into)
{
	if (list->count == 0 || list->count > EFFECTIVE_OFFERS_MAXIMUM)
		return node_fail(list, from->file, from->err, ERROR_LIMIT,
				 "there are %u offers; give 1 to %d", list->count,
				 EFFECTIVE_OFFERS_MAXIMUM);
	into->offers = ARENA_ARRAY(from->arena, struct effective_offer, list->count);
	for (; into->count < list->count; into->count++) {
		struct effective_offer *offer = &into->offers[into->count];

		if (!read_offer(from, &list->items[into->count], offer))
			return false;
		for (unsigned i = 0; i < into->count; i++) {
			if (strcmp(into->offers[i].name, offer->name) == 0)
				return node_fail(&list->items[into->count], from->file, from->err,
						 ERROR_CONFLICT,
						 "a second offer is named '%s'; give each its own "
						 "name",
						 offer->name);
		}
	}
	return true;
}

bool effective_read(struct span text, const char *file, struct arena *arena,
		    struct effective_offers *ret_offers, struct error *err)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true }, { "title", NODE_SCALAR, true },
		{ "note", NODE_SCALAR, false },  { "need", NODE_MAP, true },
		{ "rates", NODE_LIST, false },   { "offers", NODE_LIST, true },
	};
	struct reading from = { .file = file, .arena = arena, .err = err };
	struct effective_offers offers = { 0 };
	const struct node *root = NULL;

	if (!yaml_read(text, file, arena, &root, err))
		return false;

	const struct node *schema = node_find(root, "schema");
	if (schema && schema->kind == NODE_SCALAR && !span_is(schema->text, EFFECTIVE_SCHEMA))
		return node_fail(schema, file, err, ERROR_UNSUPPORTED,
				 "schema '%.*s' is not " EFFECTIVE_SCHEMA, SPAN_ARGS(schema->text));
	if (!node_expect(root, file, fields, LENGTH(fields), err) ||
	    !read_text(&from, root, "title", &offers.title) ||
	    !read_text(&from, root, "note", &offers.note) ||
	    !read_need(&from, node_find(root, "need"), &offers.need) ||
	    !read_rates(&from, node_find(root, "rates")) ||
	    !read_offers(&from, node_find(root, "offers"), &offers))
		return false;
	*ret_offers = offers;
	return true;
}
