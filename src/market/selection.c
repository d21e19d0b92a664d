#include "market/selection.h"

/* What differs only in that its GPU runs while a function does. */
static bool is_serverless_twin(const struct quote *quote, const struct key *key)
{
	return quote->rental == RENTAL_SERVERLESS && key->rental != RENTAL_SERVERLESS &&
	       quote->gpu == key->gpu && quote->memory_gb == key->memory_gb &&
	       quote->form == key->form;
}

/* The stretch of the quote's provider, new when the quote before was another's. */
static struct stretch *stretch_of(struct selection *selection, const struct quote *quote)
{
	size_t count = selection->provider_count;

	if (count == 0 || selection->providers[count - 1].provider != quote->provider)
		selection->providers[selection->provider_count++] = (struct stretch){
			.provider = quote->provider,
			.first = (uint32_t)selection->count,
			.first_offer = selection->offer_count,
		};
	return &selection->providers[selection->provider_count - 1];
}

static void add(struct selection *selection, const struct quote *quote, uint32_t at)
{
	struct stretch *stretch = stretch_of(selection, quote);
	date_t day = quote_day(quote), until = date_from_unix(quote->until);
	const struct quote *before =
		stretch->count > 0
			? &selection->book->quotes[selection->quotes[selection->count - 1]]
			: NULL;

	selection->offer_count +=
		!before || before->product != quote->product || before->region != quote->region;
	if (selection->count == 0 || day < selection->first)
		selection->first = day;
	if (selection->count == 0 || until > selection->last)
		selection->last = until;
	selection->quotes[selection->count++] = at;
	stretch->count++;
}

/* Room for the stretches: as often as the provider changes. */
static size_t count_stretches(const struct book *book)
{
	size_t count = 0;

	for (size_t i = 0; i < book->count; i++)
		count += i == 0 || book->quotes[i].provider != book->quotes[i - 1].provider;
	return count;
}

void selection_make(const struct book *book, const struct key *key, const struct key_filter *filter,
		    struct arena *arena, struct selection *ret_selection)
{
	struct selection selection = {
		.book = book, .key = *key, .first = DATE_NONE, .last = DATE_NONE
	};
	bool narrows = key_filter_narrows(filter);

	selection.quotes = ARENA_ARRAY(arena, uint32_t, book->count);
	selection.others = ARENA_ARRAY(arena, uint32_t, narrows ? book->count : 0);
	selection.providers = ARENA_ARRAY(arena, struct stretch, count_stretches(book));
	for (size_t i = 0; i < book->count; i++) {
		const struct quote *quote = &book->quotes[i];

		if (key_takes(key, quote) && key_filter_takes(filter, quote))
			add(&selection, quote, (uint32_t)i);
		else if (narrows && key_takes(key, quote))
			selection.others[selection.other_count++] = (uint32_t)i;
		else if (is_serverless_twin(quote, key))
			selection.serverless++;
	}
	selection.other_key = book->count - selection.count - selection.serverless;
	*ret_selection = selection;
}
