#include "market/terms.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const standing_names[] = {
	[STANDING_UNKNOWN] = "unknown", [STANDING_FAR_ABOVE] = "far-above",
	[STANDING_ABOVE] = "above",     [STANDING_MARKET] = "market",
	[STANDING_BELOW] = "below",     [STANDING_LOWEST] = "lowest",
};
static_assert(sizeof(standing_names) / sizeof(standing_names[0]) == STANDING_COUNT,
	      "a name for each standing");

const unsigned terms_months[TERMS_LENGTHS] = { 1, 3, 6, 12, 24, 36 };

/* A price of one provider before it stands with that provider. */
struct found {
	name_t provider;
	struct span name; /* of the provider */
	struct asked asked;
};

struct gathering {
	const struct book *book;
	struct found *items;
	size_t count, room;
	struct arena *arena;
};

static void add(struct gathering *gathering, const struct found *found)
{
	if (gathering->count == gathering->room) {
		size_t room = gathering->room > 0 ? gathering->room * 2 : 64;
		struct found *items = ARENA_ARRAY(gathering->arena, struct found, room);

		if (gathering->count > 0)
			memcpy(items, gathering->items, gathering->count * sizeof(*items));
		gathering->items = items;
		gathering->room = room;
	}
	gathering->items[gathering->count++] = *found;
}

/* Providers that ask less, and one. */
static uint32_t rank_of(const struct votes *votes, double usd)
{
	uint32_t rank = 1;

	for (size_t i = 0; i < votes->count; i++)
		rank += votes->items[i].usd < usd;
	return rank;
}

/* Of two that were confirmed at the same time, the one whose source comes first by name: two lists
 * may say the same of the same offer. */
static bool is_newer(const struct book *book, const struct quote *quote, const struct quote *than)
{
	if (quote->until != than->until)
		return quote->until > than->until;
	return span_compare(quote_name(book, quote->source), quote_name(book, than->source)) < 0;
}

/* The newest quote of the provider that counts. */
static const struct quote *newest_of(const struct eligible *eligible, name_t provider)
{
	const struct selection *selection = eligible->selection;
	const struct quote *newest = NULL;

	for (size_t i = 0; i < selection->count; i++) {
		const struct quote *quote = &selection->book->quotes[selection->quotes[i]];

		if (quote->provider == provider && eligible->verdicts[i] == REFUSAL_NONE &&
		    (!newest || is_newer(selection->book, quote, newest)))
			newest = quote;
	}
	return newest;
}

static void gather_key(struct gathering *gathering, const struct selection *selection, date_t day,
		       unsigned threads)
{
	struct eligible eligible;
	struct votes votes;

	eligible_judge(selection, day, ELIGIBLE_WINDOW_DAYS, gathering->arena, &eligible);
	votes_make(&eligible, false, threads, gathering->arena, &votes);

	double level = level_of(&votes);
	for (size_t i = 0; i < votes.count; i++) {
		const struct vote *vote = &votes.items[i];
		const struct quote *newest = newest_of(&eligible, vote->provider);
		bool market = votes.count >= TERMS_PROVIDERS_LEAST;

		if (!newest)
			continue;
		add(gathering, &(struct found){
				       .provider = vote->provider,
				       .name = quote_name(gathering->book, vote->provider),
				       .asked = { .key = selection->key,
						  .usd = vote->usd,
						  .market_usd = market ? level : (double)NAN,
						  .providers = (uint32_t)votes.count,
						  .rank = rank_of(&votes, vote->usd),
						  .quotes = vote->quotes,
						  .observed = quote_day(newest),
						  .source = newest->source },
			       });
	}
}

/* ---- one provider ---- */

static int by_number(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

static double middle_of(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_number);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* Prices are decimal fractions and a quotient of them in binary is none: 4 is a fifth below 5. */
static double decimal(double ratio)
{
	return round(ratio * 1e9) / 1e9;
}

/* True when it is in the cheapest tenth of its keys' providers in at least half of these. */
static bool is_among_lowest(const struct terms *terms)
{
	size_t lowest = 0;
	size_t markets = 0;

	for (size_t i = 0; i < terms->count; i++) {
		const struct asked *asked = &terms->asked[i];

		if (isnan(asked->market_usd))
			continue;
		markets++;
		lowest += asked->rank <= (asked->providers + 9) / 10;
	}
	return markets > 0 && 2 * lowest >= markets;
}

static void judge_level(struct terms *terms, struct arena *arena)
{
	double *ratios = ARENA_ARRAY(arena, double, terms->count);
	size_t count = 0;

	terms->ratio = NAN;
	for (size_t i = 0; i < terms->count; i++) {
		if (!isnan(terms->asked[i].market_usd))
			ratios[count++] = terms->asked[i].usd / terms->asked[i].market_usd;
	}
	if (count == 0)
		return;
	terms->ratio = decimal(middle_of(ratios, count));
	if (terms->ratio > 1.5)
		terms->standing = STANDING_FAR_ABOVE;
	else if (terms->ratio > 1.15)
		terms->standing = STANDING_ABOVE;
	else if (terms->ratio >= 0.85)
		terms->standing = STANDING_MARKET;
	else
		terms->standing = is_among_lowest(terms) ? STANDING_LOWEST : STANDING_BELOW;
}

static void judge_lengths(struct terms *terms)
{
	for (size_t i = 0; i < terms->count; i++) {
		const struct key *key = &terms->asked[i].key;

		for (unsigned k = 0; k < TERMS_LENGTHS; k++)
			terms->lengths[k] |= key->rental == RENTAL_CONTRACT &&
					     key->term_months == terms_months[k];
	}
	for (unsigned k = 0; k < TERMS_LENGTHS; k++)
		terms->length_count += terms->lengths[k];
}

static void judge_spot(struct terms *terms)
{
	terms->discount = NAN;
	for (size_t i = 0; i < terms->count; i++) {
		struct key twin = terms->asked[i].key;

		if (twin.rental != RENTAL_SPOT)
			continue;
		twin.rental = RENTAL_ON_DEMAND;
		for (size_t k = 0; k < terms->count; k++) {
			if (key_compare(&terms->asked[k].key, &twin) == 0)
				terms->discount = fmax(
					terms->discount,
					decimal(1 - terms->asked[i].usd / terms->asked[k].usd));
		}
	}
}

static void judge(struct terms *terms, struct arena *arena)
{
	terms->observed = DATE_NONE;
	for (size_t i = 0; i < terms->count; i++) {
		if (terms->asked[i].observed > terms->observed)
			terms->observed = terms->asked[i].observed;
	}
	judge_level(terms, arena);
	judge_lengths(terms);
	judge_spot(terms);
}

/* ---- all ---- */

static int by_provider(const void *left, const void *right)
{
	const struct found *a = left;
	const struct found *b = right;
	int order = span_compare(a->name, b->name);

	return order ? order : key_compare(&a->asked.key, &b->asked.key);
}

/* Cuts what was found, sorted, into providers. */
static void cut(const struct gathering *gathering, struct terms_list *list)
{
	struct arena *arena = gathering->arena;
	struct asked *asked = ARENA_ARRAY(arena, struct asked, gathering->count);

	list->items = ARENA_ARRAY(arena, struct terms, gathering->count);
	for (size_t i = 0; i < gathering->count; i++) {
		const struct found *found = &gathering->items[i];

		asked[i] = found->asked;
		if (i == 0 || found->provider != gathering->items[i - 1].provider)
			list->items[list->count++] =
				(struct terms){ .provider = found->provider, .asked = &asked[i] };
		list->items[list->count - 1].count++;
	}
	for (size_t i = 0; i < list->count; i++)
		judge(&list->items[i], arena);
}

void terms_make(const struct book *book, const struct key_filter *filter, date_t day,
		unsigned threads, struct arena *arena, struct terms_list *ret_list)
{
	struct gathering gathering = { .book = book, .arena = arena };
	struct key_filter composite = *filter;
	struct terms_list list = { 0 };
	struct key *keys = NULL;
	size_t count = 0;

	composite.tier = KEY_ALL_TIERS;
	key_list(book, &composite, arena, &keys, &count);
	for (size_t i = 0; i < count; i++) {
		struct selection selection;

		selection_make(book, &keys[i], &composite, arena, &selection);
		gather_key(&gathering, &selection, day, threads);
	}
	if (gathering.count > 0)
		qsort(gathering.items, gathering.count, sizeof(*gathering.items), by_provider);
	cut(&gathering, &list);
	*ret_list = list;
}
