#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "market/selection.h"

enum {
	FETCHED_AHEAD = 8,
};

/* Ranks of names by their text: names are compared a million times. */
struct ranks {
	uint32_t *of; /* by name; 0 for NAME_NONE and for what no quote uses */
};

/* A quote with what it is sorted by. */
struct place {
	uint64_t product_region, host_machine; /* ranks, the first in the high half */
	int64_t observed;
	const struct quote *rest;
	uint32_t gpus;
	uint32_t quote;
};

struct ranking {
	struct span text;
	name_t name;
};

static int by_text(const void *left, const void *right)
{
	const struct ranking *a = left;
	const struct ranking *b = right;

	return span_compare(a->text, b->text);
}

static void rank_names(const struct book *book, struct arena *arena, struct ranks *ret_ranks)
{
	uint32_t *of = ARENA_ARRAY(arena, uint32_t, book->names.count + 1);
	struct ranking *used;
	size_t count = 0;

	for (size_t i = 0; i < book->count; i++) {
		const struct quote *quote = &book->quotes[i];

		of[quote->product] = 1;
		of[quote->region] = 1;
		of[quote->host] = 1;
		of[quote->machine] = 1;
	}
	of[NAME_NONE] = 0;
	for (size_t n = 1; n <= book->names.count; n++)
		count += of[n];
	used = ARENA_ARRAY(arena, struct ranking, count);
	count = 0;
	for (size_t n = 1; n <= book->names.count; n++)
		if (of[n] != 0)
			used[count++] =
				(struct ranking){ .text = names_text(&book->names, (name_t)n),
						  .name = (name_t)n };
	if (count > 0)
		qsort(used, count, sizeof(*used), by_text);
	for (size_t i = 0; i < count; i++)
		of[used[i].name] = (uint32_t)i + 1;
	ret_ranks->of = of;
}

struct sorting {
	struct book *book;
	struct ranks ranks;
	uint32_t *order; /* which quote of the book comes at each place */
	struct stretch *providers;
	size_t provider_count;
};

struct named_stretch {
	struct span text;
	struct stretch stretch;
};

static int by_provider(const void *left, const void *right)
{
	const struct named_stretch *a = left;
	const struct named_stretch *b = right;

	return span_compare(a->text, b->text);
}

/* Stretches by the name of their provider; `starts` gets where each begins. */
static void lay_out(struct sorting *sorting, const uint32_t *counts, uint32_t *starts,
		    struct arena *arena)
{
	const struct names *names = &sorting->book->names;
	struct named_stretch *all;
	size_t count = 0;
	uint32_t at = 0;

	for (size_t n = 0; n <= names->count; n++)
		count += counts[n] > 0;
	all = ARENA_ARRAY(arena, struct named_stretch, count);
	count = 0;
	for (size_t n = 0; n <= names->count; n++)
		if (counts[n] > 0)
			all[count++] = (struct named_stretch){
				.text = names_text(names, (name_t)n),
				.stretch = { .provider = (name_t)n, .count = counts[n] },
			};
	if (count > 0)
		qsort(all, count, sizeof(*all), by_provider);
	sorting->providers = ARENA_ARRAY(arena, struct stretch, count);
	sorting->provider_count = count;
	for (size_t i = 0; i < count; i++) {
		sorting->providers[i] = all[i].stretch;
		sorting->providers[i].first = at;
		starts[all[i].stretch.provider] = at;
		at += all[i].stretch.count;
	}
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_rest(const struct quote *a, const struct quote *b)
{
	int order = compare_numbers(a->until, b->until);

	if (order == 0)
		order = compare_numbers(a->usd_nano, b->usd_nano);
	if (order == 0)
		order = compare_numbers(a->listings, b->listings);
	return order;
}

static int by_place(const void *left, const void *right)
{
	const struct place *a = left;
	const struct place *b = right;

	if (a->product_region != b->product_region)
		return a->product_region < b->product_region ? -1 : 1;
	if (a->host_machine != b->host_machine)
		return a->host_machine < b->host_machine ? -1 : 1;
	if (a->gpus != b->gpus)
		return a->gpus < b->gpus ? -1 : 1;
	if (a->observed != b->observed)
		return a->observed < b->observed ? -1 : 1;
	return compare_rest(a->rest, b->rest);
}

/* Quotes lie here and there in memory: it is told early which come soon. */
static void fetch(const struct quote *quote)
{
	__builtin_prefetch(quote);
	__builtin_prefetch((const char *)quote + sizeof(*quote) - 1);
}

static void sort_provider(void *context, size_t item, unsigned worker)
{
	const struct sorting *sorting = context;
	const struct stretch *stretch = &sorting->providers[item];
	const uint32_t *rank = sorting->ranks.of;
	uint32_t *quotes = sorting->order + stretch->first;
	SCOPED_ARENA(scratch);
	struct place *places = ARENA_ARRAY(&scratch, struct place, stretch->count);

	(void)worker;
	for (uint32_t i = 0; i < stretch->count; i++) {
		const struct quote *quote = &sorting->book->quotes[quotes[i]];

		if (i + FETCHED_AHEAD < stretch->count)
			fetch(&sorting->book->quotes[quotes[i + FETCHED_AHEAD]]);
		places[i] = (struct place){
			.product_region =
				(uint64_t)rank[quote->product] << 32 | rank[quote->region],
			.host_machine = (uint64_t)rank[quote->host] << 32 | rank[quote->machine],
			.observed = quote->observed,
			.rest = quote,
			.gpus = quote->gpus,
			.quote = quotes[i],
		};
	}
	qsort(places, stretch->count, sizeof(*places), by_place);
	for (uint32_t i = 0; i < stretch->count; i++)
		quotes[i] = places[i].quote;
}

/* Moves each quote to its place, round after round: no second book is held. */
static void move_quotes(struct book *book, uint32_t *order)
{
	for (uint32_t i = 0; i < book->count; i++) {
		struct quote first = book->quotes[i];
		uint32_t at = i;

		while (order[at] != i) {
			uint32_t from = order[at];

			fetch(&book->quotes[order[from]]);
			book->quotes[at] = book->quotes[from];
			order[at] = at;
			at = from;
		}
		book->quotes[at] = first;
		order[at] = at;
	}
}

void book_arrange(struct book *book, unsigned threads)
{
	SCOPED_ARENA(scratch);
	uint32_t *counts = ARENA_ARRAY(&scratch, uint32_t, book->names.count + 1);
	uint32_t *starts = ARENA_ARRAY(&scratch, uint32_t, book->names.count + 1);
	struct sorting sorting = { .book = book };

	if (book->count == 0)
		return;
	for (size_t i = 0; i < book->count; i++)
		counts[book->quotes[i].provider]++;
	lay_out(&sorting, counts, starts, &scratch);
	sorting.order = ARENA_ARRAY(&scratch, uint32_t, book->count);
	for (size_t i = 0; i < book->count; i++)
		sorting.order[starts[book->quotes[i].provider]++] = (uint32_t)i;
	rank_names(book, &scratch, &sorting.ranks);
	parallel_for(sorting.provider_count, threads, sort_provider, &sorting);
	move_quotes(book, sorting.order);
}
