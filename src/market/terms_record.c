#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "market/terms.h"

enum {
	RECORDS_OF_PROVIDER = 3, /* besides one for each key */
};

struct making {
	const struct book *book;
	const struct terms *terms; /* of the provider that is made now */
	const char *provider;
	struct record *records;
	size_t count;
	struct arena *arena;
};

static bool is_subject(struct span name)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = name.at[i];
		bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			    (c != '\0' && strchr("-._+", c));

		if (!fits)
			return false;
	}
	return name.length > 0 && name.at[0] != '.';
}

/* "h100-80gb-sxm", "h100": what is not known is not named. */
static const char *gpu_name(const struct making *making, const struct key *key)
{
	const char *name = making->book->catalogue->gpus[key->gpu].name;

	if (key->memory_gb > 0)
		name = arena_format(making->arena, "%s-%ugb", name, key->memory_gb);
	if (key->form != FORM_UNKNOWN)
		name = arena_format(making->arena, "%s-%s", name, form_names[key->form]);
	return name;
}

/* "on-demand", "contract-12"; NULL of what is no rental by the hour. */
static const char *rental_name(const struct making *making, const struct key *key)
{
	if (key->rental == RENTAL_CONTRACT)
		return arena_format(making->arena, "%s-%u", rental_names[key->rental],
				    key->term_months);
	return key->rental == RENTAL_ON_DEMAND || key->rental == RENTAL_SPOT
		       ? rental_names[key->rental]
		       : NULL;
}

static struct record *add(struct making *making, const char *topic, const char *what, date_t day)
{
	struct record *record = &making->records[making->count++];
	char text[DATE_TEXT_SIZE];

	*record = (struct record){
		.id = arena_format(making->arena, "market.%s.%s.%s", making->provider, topic,
				   date_format(day, text)),
		.subject = { .parts = { [SUBJECT_PROVIDER] = making->provider } },
		.what = what,
		.kind = KIND_PRICE,
		.strength = STRENGTH_E1,
		.observed = day,
		.expires = DATE_NONE,
		.due = DATE_NONE,
		.source = { .name = "price lists",
			    .tool = "assay market evidence",
			    .version = index_methods[INDEX_LEVEL].version },
	};
	return record;
}

static void add_asked(struct making *making, const struct asked *asked)
{
	struct span source = quote_name(making->book, asked->source);
	const char *rental = rental_name(making, &asked->key);
	const char *gpu = gpu_name(making, &asked->key);
	struct record *record;

	if (!rental)
		return;
	record = add(making, arena_format(making->arena, "%s.%s", gpu, rental),
		     arena_format(making->arena, "price.%s", rental), asked->observed);
	record->subject.parts[SUBJECT_GPU] = gpu;
	record->says = SAYS_VALUE;
	record->value = round(asked->usd * 1e4) / 1e4;
	record->unit = "USD/GPU-hour";
	if (span_starts(source, "http"))
		record->source.url = arena_string(making->arena, source);
	else if (source.length > 0)
		record->source.name = arena_string(making->arena, source);
	record->excerpt = arena_format(making->arena, "the middle of %u quote%s", asked->quotes,
				       asked->quotes == 1 ? "" : "s");
}

static void add_level(struct making *making)
{
	const struct terms *terms = making->terms;
	struct record *record;
	size_t markets = 0;

	if (terms->standing == STANDING_UNKNOWN)
		return;
	for (size_t i = 0; i < terms->count; i++)
		markets += !isnan(terms->asked[i].market_usd);
	record = add(making, "level", "pricing.level", terms->observed);
	record->says = SAYS_ANSWER;
	record->text = standing_names[terms->standing];
	record->excerpt =
		arena_format(making->arena,
			     "%.2f times the market, the middle of %zu kind%s of offer "
			     "that at least %d providers quote",
			     terms->ratio, markets, markets == 1 ? "" : "s", TERMS_PROVIDERS_LEAST);
}

static void add_lengths(struct making *making)
{
	const struct terms *terms = making->terms;
	SCOPED_TEXT(months);
	struct record *record;

	if (terms->length_count == 0)
		return;
	for (unsigned i = 0; i < TERMS_LENGTHS; i++) {
		if (terms->lengths[i])
			text_format(&months, "%s%u", months.length > 0 ? ", " : "",
				    terms_months[i]);
	}
	record = add(making, "term-lengths", "pricing.term-lengths", terms->observed);
	record->says = SAYS_VALUE;
	record->value = terms->length_count;
	record->unit = "count";
	record->excerpt = arena_format(making->arena, "contracts of %s months are listed",
				       text_string(&months));
}

static void add_spot(struct making *making)
{
	const struct terms *terms = making->terms;
	struct record *record;

	/* Spot at the price of on demand is no cheaper tier, and not that none is offered. */
	if (isnan(terms->discount) || !(terms->discount > 0))
		return;
	record = add(making, "preemptible", "pricing.preemptible", terms->observed);
	record->says = SAYS_ANSWER;
	record->text = terms->discount >= TERMS_CLEAR_DISCOUNT ? "clear" : "small";
	record->excerpt =
		arena_format(making->arena, "preemptible is %.0f %% below on demand, same GPU",
			     100 * terms->discount);
}

static int by_id(const void *left, const void *right)
{
	return strcmp(((const struct record *)left)->id, ((const struct record *)right)->id);
}

void terms_records(const struct terms_list *list, const struct book *book, struct arena *arena,
		   struct record **ret_records, size_t *ret_count, size_t *ret_left_out)
{
	struct making making = { .book = book, .arena = arena };
	SCOPED_TEXT(scratch);
	size_t room = 0;

	*ret_left_out = 0;
	for (size_t i = 0; i < list->count; i++)
		room += list->items[i].count + RECORDS_OF_PROVIDER;
	making.records = ARENA_ARRAY(arena, struct record, room);
	for (size_t i = 0; i < list->count; i++) {
		struct span name = quote_name(book, list->items[i].provider);

		making.terms = &list->items[i];
		making.provider = arena_string(arena, name);
		*ret_left_out += !is_subject(name);
		if (!is_subject(name))
			continue;
		for (size_t k = 0; k < list->items[i].count; k++)
			add_asked(&making, &list->items[i].asked[k]);
		add_level(&making);
		add_lengths(&making);
		add_spot(&making);
	}
	if (making.count > 0)
		qsort(making.records, making.count, sizeof(*making.records), by_id);
	for (size_t i = 0; i < making.count; i++)
		record_seal(&making.records[i], &scratch);
	*ret_records = making.records;
	*ret_count = making.count;
}
