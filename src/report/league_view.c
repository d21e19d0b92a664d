#include "report/league_view.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/span.h"

const char *const league_order_names[] = {
	[LEAGUE_BY_RANK] = "rank",   [LEAGUE_BY_SCORE] = "score", [LEAGUE_BY_NAME] = "name",
	[LEAGUE_BY_KNOWN] = "known", [LEAGUE_BY_PRICE] = "price",
};
static_assert(sizeof(league_order_names) / sizeof(league_order_names[0]) == LEAGUE_ORDER_COUNT,
	      "one for each");

static const char usual_rental[] = "on-demand";

void league_view_init(const struct standard *standard, struct league_view *ret_view)
{
	*ret_view = (struct league_view){ .profile = -1, .price_maximum = (double)NAN };
	for (uint32_t i = 0; i < standard->category_count; i++)
		ret_view->weights[i] = standard->categories[i].weight;
}

/* ---- which ---- */

static bool has_part(const struct provider *provider, enum subject_part part, const char *wanted)
{
	for (uint32_t i = 0; i < provider->unit_count; i++) {
		const char *has = provider->units[i].subject.parts[part];

		if (has && strcmp(has, wanted) == 0)
			return true;
	}
	return false;
}

static bool asks_for(const struct price_list *prices, const struct provider *provider,
		     const char *gpu)
{
	for (uint32_t i = 0; i < prices->count; i++)
		if (prices->items[i].provider == provider && strcmp(prices->items[i].gpu, gpu) == 0)
			return true;
	return false;
}

/* The least that the provider asks for what the view wants. */
static const struct offered_price *price_for(const struct price_list *prices,
					     const struct provider *provider,
					     const struct league_view *view)
{
	const char *rental = view->rental ? view->rental : usual_rental;
	const struct offered_price *least = NULL;

	for (uint32_t i = 0; i < prices->count; i++) {
		const struct offered_price *one = &prices->items[i];

		if (one->provider == provider && strcmp(one->rental, rental) == 0 &&
		    (!view->gpu || strcmp(one->gpu, view->gpu) == 0) &&
		    (!least || one->usd < least->usd))
			least = one;
	}
	return least;
}

static bool fits(const struct league_row *row, const struct price_list *prices,
		 const struct league_view *view)
{
	const struct provider *provider = row->explanation->provider;

	if (view->gpu && !has_part(provider, SUBJECT_GPU, view->gpu) &&
	    !asks_for(prices, provider, view->gpu))
		return false;
	if (view->region && !has_part(provider, SUBJECT_REGION, view->region))
		return false;
	if (view->rental && !row->price)
		return false;
	return isnan(view->price_maximum) || (row->price && row->price->usd <= view->price_maximum);
}

/* ---- how good ---- */

static double overall_of(const struct standard *standard, const struct unit *unit,
			 const struct league_view *view)
{
	double sum = 0, weight = 0;

	if (!view->is_weighed)
		return unit->overall;
	for (uint32_t i = 0; i < standard->category_count; i++) {
		if (!unit->categories[i].applies)
			continue;
		sum += view->weights[i] * unit->categories[i].point;
		weight += view->weights[i];
	}
	return weight > 0 ? sum / weight : 0;
}

/* ---- the order ---- */

static uint32_t rank_of(const struct league_row *row)
{
	uint32_t rank = row->explanation->provider->rank;

	return rank > 0 ? rank : UINT32_MAX;
}

/* Ends every order, so that the same view gives the same bytes. */
static int by_rank(const void *a, const void *b)
{
	const struct league_row *one = a;
	const struct league_row *other = b;
	uint32_t rank = rank_of(one), other_rank = rank_of(other);

	if (rank != other_rank)
		return rank < other_rank ? -1 : 1;
	return strcmp(one->explanation->provider->name, other->explanation->provider->name);
}

static int by_name(const void *a, const void *b)
{
	const struct league_row *one = a;
	const struct league_row *other = b;

	return strcmp(one->explanation->provider->name, other->explanation->provider->name);
}

static int by_score(const void *a, const void *b)
{
	const struct league_row *one = a;
	const struct league_row *other = b;
	bool rated = one->explanation->unit->rated;

	if (rated != other->explanation->unit->rated)
		return rated ? -1 : 1;
	if (one->overall != other->overall)
		return one->overall > other->overall ? -1 : 1;
	return by_rank(a, b);
}

static int by_known(const void *a, const void *b)
{
	double known = ((const struct league_row *)a)->explanation->unit->coverage;
	double other = ((const struct league_row *)b)->explanation->unit->coverage;

	if (known != other)
		return known > other ? -1 : 1;
	return by_rank(a, b);
}

static int by_price(const void *a, const void *b)
{
	const struct offered_price *price = ((const struct league_row *)a)->price;
	const struct offered_price *other = ((const struct league_row *)b)->price;

	if (!price != !other)
		return price ? -1 : 1;
	if (price && price->usd != other->usd)
		return price->usd < other->usd ? -1 : 1;
	return by_rank(a, b);
}

static void set_places(struct league_row *rows, uint32_t count)
{
	qsort(rows, count, sizeof(*rows), by_score);
	for (uint32_t i = 0; i < count; i++)
		rows[i].place = rows[i].explanation->unit->rated ? i + 1 : 0;
}

/* ---- what there is to choose from ---- */

struct choices {
	const char **names;
	uint32_t count, room;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_choice(struct choices *choices, const char *name)
{
	if (name && choices->count < choices->room)
		choices->names[choices->count++] = name;
}

static void finish_choices(struct choices *choices)
{
	uint32_t kept = 0;

	qsort(choices->names, choices->count, sizeof(*choices->names), by_text);
	for (uint32_t i = 0; i < choices->count; i++)
		if (kept == 0 || strcmp(choices->names[kept - 1], choices->names[i]) != 0)
			choices->names[kept++] = choices->names[i];
	choices->count = kept;
}

static struct choices start_choices(uint32_t room, struct arena *arena)
{
	return (struct choices){ .names = ARENA_ARRAY(arena, const char *, room), .room = room };
}

static void find_choices(const struct rating *rating, const struct price_list *prices,
			 struct arena *arena, struct league_rows *rows)
{
	struct choices gpus = start_choices(rating->unit_count + prices->count, arena);
	struct choices regions = start_choices(rating->unit_count, arena);
	struct choices rentals = start_choices(prices->count, arena);

	for (uint32_t i = 0; i < rating->unit_count; i++) {
		add_choice(&gpus, rating->units[i].subject.parts[SUBJECT_GPU]);
		add_choice(&regions, rating->units[i].subject.parts[SUBJECT_REGION]);
	}
	for (uint32_t i = 0; i < prices->count; i++) {
		add_choice(&gpus, prices->items[i].gpu);
		add_choice(&rentals, prices->items[i].rental);
	}
	finish_choices(&gpus);
	finish_choices(&regions);
	finish_choices(&rentals);
	rows->gpus = gpus.names;
	rows->gpu_count = gpus.count;
	rows->regions = regions.names;
	rows->region_count = regions.count;
	rows->rentals = rentals.names;
	rows->rental_count = rentals.count;
}

void league_rows_of(const struct rating *rating, const struct explanation *explanations,
		    const struct league_view *view, struct arena *arena,
		    struct league_rows *ret_rows)
{
	static int (*const orders[])(const void *, const void *) = {
		[LEAGUE_BY_RANK] = by_rank,   [LEAGUE_BY_SCORE] = by_score,
		[LEAGUE_BY_NAME] = by_name,   [LEAGUE_BY_KNOWN] = by_known,
		[LEAGUE_BY_PRICE] = by_price,
	};
	struct league_row *rows = ARENA_ARRAY(arena, struct league_row, rating->provider_count);
	struct price_list prices;
	uint32_t count = 0;

	static_assert(sizeof(orders) / sizeof(orders[0]) == LEAGUE_ORDER_COUNT, "one for each");
	prices_of(rating, rating->request.listed, arena, &prices);
	for (uint32_t i = 0; i < rating->provider_count; i++) {
		const struct explanation *one = &explanations[i];
		struct league_row row = {
			.explanation = one,
			.overall = overall_of(rating->request.standard, one->unit, view),
			.price = price_for(&prices, one->provider, view),
		};

		if (fits(&row, &prices, view))
			rows[count++] = row;
	}
	set_places(rows, count);
	qsort(rows, count, sizeof(*rows), orders[view->order]);
	*ret_rows = (struct league_rows){ .items = rows, .count = count };
	find_choices(rating, &prices, arena, ret_rows);
}

/* ---- as a query ---- */

static void add_field(struct text *into, const char *name, const char *value)
{
	text_add(into, into->length > 0 ? "&" : "");
	text_add(into, name);
	text_add(into, "=");
	text_add_percent(into, span_of(value));
}

void league_view_write(const struct standard *standard, const struct league_view *view,
		       struct text *into)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(query);
	const struct {
		const char *name, *value;
	} texts[] = { { "gpu", view->gpu },
		      { "region", view->region },
		      { "rental", view->rental } };

	if (view->order != LEAGUE_BY_RANK)
		add_field(&query, "order", league_order_names[view->order]);
	if (view->profile >= 0)
		add_field(&query, "profile", standard->profiles[view->profile].id);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].value)
			add_field(&query, texts[i].name, texts[i].value);
	if (!isnan(view->price_maximum)) {
		char number[32];

		add_field(&query, "price", number_format(view->price_maximum, number));
	}
	for (uint32_t i = 0; view->is_weighed && i < standard->category_count; i++)
		add_field(&query, arena_format(&arena, "w.%s", standard->categories[i].id),
			  arena_format(&arena, "%u", view->weights[i]));
	text_add_span(into, text_span(&query));
}

static bool set_order(const char *value, struct league_view *view, struct error *err)
{
	for (unsigned i = 0; i < LEAGUE_ORDER_COUNT; i++) {
		if (strcmp(value, league_order_names[i]) != 0)
			continue;
		view->order = (enum league_order)i;
		return true;
	}
	return fail(err, ERROR_INVALID,
		    "order '%.40s' is none of rank, score, name, known and price", value);
}

static bool set_price(const char *value, struct league_view *view, struct error *err)
{
	double price;

	if (!span_to_double(span_of(value), &price) || !(price >= 0))
		return fail(err, ERROR_INVALID,
			    "price '%.40s' is no amount in USD for one GPU and hour", value);
	view->price_maximum = price;
	return true;
}

static bool set_weight(const struct standard *standard, const char *category, const char *value,
		       struct league_view *view, struct error *err)
{
	int32_t index = standard_find_category(standard, span_of(category));
	double weight;

	if (index < 0)
		return fail(err, ERROR_INVALID, "the standard has no category '%.40s'", category);
	if (!span_to_double(span_of(value), &weight) ||
	    !(weight >= 0 && weight <= LEAGUE_WEIGHT_MAXIMUM) || weight != floor(weight))
		return fail(err, ERROR_INVALID,
			    "weight '%.40s' of %s is no whole number from 0 to %d", value, category,
			    LEAGUE_WEIGHT_MAXIMUM);
	if (view->weights[index] != (uint16_t)weight)
		view->is_weighed = true;
	view->weights[index] = (uint16_t)weight;
	return true;
}

static bool set_profile(const struct standard *standard, const char *value,
			struct league_view *view, struct error *err)
{
	SCOPED_TEXT(known);

	view->profile = standard_find_profile(standard, span_of(value));
	if (view->profile >= 0)
		return true;
	for (uint32_t i = 0; i < standard->profile_count; i++)
		text_format(&known, "%s%s", i > 0 ? ", " : "", standard->profiles[i].id);
	return fail(err, ERROR_INVALID, "profile '%.40s' is none of %s", value,
		    text_string(&known));
}

bool league_view_set(const struct standard *standard, const char *name, const char *value,
		     struct league_view *view, struct error *err)
{
	bool is_given = value[0] != '\0';

	if (strcmp(name, "order") == 0)
		return !is_given || set_order(value, view, err);
	if (strcmp(name, "profile") == 0)
		return !is_given || set_profile(standard, value, view, err);
	if (strcmp(name, "price") == 0)
		return !is_given || set_price(value, view, err);
	if (strncmp(name, "w.", 2) == 0)
		return !is_given || set_weight(standard, name + 2, value, view, err);
	if (strcmp(name, "gpu") == 0)
		view->gpu = is_given ? value : NULL;
	else if (strcmp(name, "region") == 0)
		view->region = is_given ? value : NULL;
	else if (strcmp(name, "rental") == 0)
		view->rental = is_given ? value : NULL;
	else
		return fail(err, ERROR_INVALID,
			    "'%.40s' is none of profile, order, gpu, region, rental, price and "
			    "w.CATEGORY",
			    name);
	return true;
}
