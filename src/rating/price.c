#include "rating/price.h"

#include <stdlib.h>
#include <string.h>

static const char price_prefix[] = "price.";

static bool is_price(const struct record *record)
{
	return strncmp(record->what, price_prefix, sizeof(price_prefix) - 1) == 0 &&
	       record->says == SAYS_VALUE && record->subject.parts[SUBJECT_GPU];
}

static bool is_current(const struct record *record, date_t as_of)
{
	date_t last = record->expires != DATE_NONE ? record->expires
						   : record->observed + PRICE_AGE_MAXIMUM_DAYS;

	return !record->announced && record->observed <= as_of && as_of <= last;
}

static int compare_kinds(const struct offered_price *a, const struct offered_price *b)
{
	int order = strcmp(a->gpu, b->gpu);

	return order ? order : strcmp(a->rental, b->rental);
}

static int by_number(double a, double b)
{
	return (a > b) - (a < b);
}

/* Of one provider and kind the one that counts first. */
static int by_provider(const void *left, const void *right)
{
	const struct offered_price *a = left;
	const struct offered_price *b = right;
	int order = strcmp(a->provider->name, b->provider->name);

	if (order == 0)
		order = compare_kinds(a, b);
	if (order == 0)
		order = by_number(b->record->observed, a->record->observed);
	if (order == 0)
		order = by_number(a->usd, b->usd);
	return order ? order : strcmp(a->record->id, b->record->id);
}

static int by_kind(const void *left, const void *right)
{
	const struct offered_price *a = left;
	const struct offered_price *b = right;
	int order = compare_kinds(a, b);

	if (order == 0)
		order = by_number(a->usd, b->usd);
	return order ? order : strcmp(a->provider->name, b->provider->name);
}

/* Records of one origin, and the day on which they count. */
struct origin {
	const struct record *records;
	size_t count;
	date_t as_of;
	bool is_listed;
};

static uint32_t gather(const struct rating *rating, const struct origin *origin,
		       struct offered_price *items)
{
	uint32_t count = 0;

	for (size_t i = 0; i < origin->count; i++) {
		const struct record *record = &origin->records[i];
		const struct provider *provider;

		if (!is_price(record) || !is_current(record, origin->as_of))
			continue;
		provider = rating_find(rating, record->subject.parts[SUBJECT_PROVIDER]);
		if (provider)
			items[count++] = (struct offered_price){
				.provider = provider,
				.gpu = record->subject.parts[SUBJECT_GPU],
				.rental = record->what + sizeof(price_prefix) - 1,
				.usd = record->value,
				.record = record,
				.is_listed = origin->is_listed,
			};
	}
	return count;
}

/* Keeps the first of each provider and kind. */
static uint32_t thin(struct offered_price *items, uint32_t count)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (kept > 0 && items[kept - 1].provider == items[i].provider &&
		    compare_kinds(&items[kept - 1], &items[i]) == 0)
			continue;
		items[kept++] = items[i];
	}
	return kept;
}

static bool dominates(const struct offered_price *a, const struct offered_price *b)
{
	const struct unit *one = provider_unit(a->provider);
	const struct unit *other = provider_unit(b->provider);

	if (!one->rated || !other->rated || a->provider == b->provider)
		return false;
	return one->grade >= other->grade && a->usd <= b->usd &&
	       (one->grade > other->grade || a->usd < b->usd);
}

/* The higher grade, then the lower price, then the name, which is the order of the list. */
static bool is_better(const struct offered_price *a, const struct offered_price *b)
{
	return !b || provider_unit(a->provider)->grade > provider_unit(b->provider)->grade;
}

static void compare_all(struct offered_price *items, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		/* Whoever dominates asks no more: it stands before or costs the same. */
		uint32_t first = i;

		while (first > 0 && compare_kinds(&items[first - 1], &items[i]) == 0)
			first--;
		for (uint32_t k = first; k < count; k++) {
			if (compare_kinds(&items[k], &items[i]) != 0 || items[k].usd > items[i].usd)
				break;
			if (dominates(&items[k], &items[i]) &&
			    is_better(&items[k], items[i].dominated_by))
				items[i].dominated_by = &items[k];
		}
	}
}

void prices_of(const struct rating *rating, const struct listed_prices *listed, struct arena *arena,
	       struct price_list *ret_list)
{
	const struct evidence_set *evidence = rating->request.evidence;
	const struct origin known = { .records = evidence->records,
				      .count = evidence->count,
				      .as_of = rating->request.as_of };
	const struct origin other = { .records = listed ? listed->records : NULL,
				      .count = listed ? listed->count : 0,
				      .as_of = listed ? listed->as_of : DATE_NONE,
				      .is_listed = true };
	struct offered_price *items =
		ARENA_ARRAY(arena, struct offered_price, known.count + other.count);
	uint32_t count = gather(rating, &known, items);

	count += gather(rating, &other, items + count);
	if (count > 0)
		qsort(items, count, sizeof(*items), by_provider);
	count = thin(items, count);
	if (count > 0)
		qsort(items, count, sizeof(*items), by_kind);
	compare_all(items, count);
	*ret_list = (struct price_list){ .items = items, .count = count };
}
