/* The prices that the server shows, from the store or from the command line. */
#include <stdlib.h>
#include <string.h>

#include "advise/offer.h"
#include "market/terms.h"
#include "report/trend_make.h"
#include "store/quotes.h"
#include "web/market.h"

enum {
	SECONDS_PER_DAY = 86400,
	JOB_HOURS = 730,
	JOB_GPUS = 8,
};

/* ---- a user more, a user less ---- */

static struct served_market *use(struct served_market *market)
{
	lock_take(&market->lock);
	market->users++;
	lock_give(&market->lock);
	return market;
}

void served_market_drop(struct served_market *market)
{
	unsigned users;

	if (!market)
		return;
	lock_take(&market->lock);
	users = --market->users;
	lock_give(&market->lock);
	if (users > 0)
		return;
	book_release(&market->own);
	arena_release(&market->arena);
	free(market);
}

static struct served_market *start(const struct web_settings *how)
{
	struct served_market *market = calloc(1, sizeof(*market));

	if (!market)
		memory_exhausted(sizeof(*market));
	market->lock = (struct lock)LOCK_READY;
	market->users = 1;
	market->filter = (struct key_filter){ .gpu = KEY_ANY,
					      .memory_gb = KEY_ANY,
					      .term_months = KEY_ANY,
					      .form = KEY_ANY,
					      .rental = KEY_ANY,
					      .tier = KEY_ALL_TIERS };
	market->request = (struct index_request){
		.draws = how->draws < MARKET_DRAWS_MAXIMUM ? how->draws : MARKET_DRAWS_MAXIMUM,
		.seed = how->seed,
		.threads = how->threads,
	};
	return market;
}

/* ---- effective prices ---- */

/* The key on demand with the longest history. */
static const struct trend_key *widest_key(const struct served_market *market)
{
	const struct trend_key *found = NULL;

	for (size_t i = 0; i < market->trend.count; i++) {
		const struct trend_key *key = &market->trend.keys[i];

		if (key->key.rental == RENTAL_ON_DEMAND && key->value_count > 0 &&
		    (!found || key->value_count > found->value_count))
			found = key;
	}
	return found;
}

static int by_price(const void *left, const void *right)
{
	const struct vote *a = left;
	const struct vote *b = right;

	return (a->usd > b->usd) - (a->usd < b->usd);
}

/* The newest quote of the provider and key. */
static const struct quote *newest_quote(const struct book *book, const struct key *key,
					name_t provider)
{
	const struct quote *newest = NULL;

	for (size_t i = 0; i < book->count; i++) {
		const struct quote *quote = &book->quotes[i];

		if (quote->provider == provider && key_takes(key, quote) &&
		    (!newest || quote->observed > newest->observed))
			newest = quote;
	}
	return newest;
}

/* What the quote itself says of storage and of what leaves the cloud; all else is not known. */
static void take_told(const struct quote *quote, struct effective_offer *offer)
{
	const struct {
		int32_t micro;
		enum effective_factor factor;
	} told[] = { { quote->storage_micro, EFFECTIVE_STORAGE },
		     { quote->egress_micro, EFFECTIVE_EGRESS } };

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		double usd = told[i].micro / 1e6;

		if (told[i].micro >= 0)
			offer->factors[told[i].factor] = (struct effective_value){
				.known = true, .value = { usd, usd, usd }, .source = offer->source
			};
	}
}

static void fill_offer(const struct served_market *market, const struct trend_key *key,
		       const struct vote *vote, struct arena *arena, struct effective_offer *offer)
{
	const struct book *book = market->book;
	const struct quote *quote = newest_quote(book, &key->key, vote->provider);
	struct span source = quote ? quote_name(book, quote->source) : (struct span){ 0 };
	SCOPED_TEXT(name);

	text_add_span(&name, names_text(&book->names, vote->provider));
	text_format(&name, ", %s", book->catalogue->gpus[key->key.gpu].name);
	*offer = (struct effective_offer){
		.name = arena_string(arena, text_span(&name)),
		.quote = { vote->usd, vote->usd, vote->usd },
		.observed = quote ? quote_day(quote) : DATE_NONE,
		.source = source.length > 0 ? arena_string(arena, source) : NULL,
	};
	if (quote)
		take_told(quote, offer);
}

/* The cheapest providers of that key, corrected by what is known of them; most is not, and is a
 * range. */
static void make_effective(struct served_market *market, const struct web_settings *how)
{
	const struct effective_draws draws = { .seed = how->seed, .count = market->request.draws };
	const struct trend_key *key = widest_key(market);
	struct arena *arena = &market->arena;
	const struct votes *votes;
	struct vote *sorted;

	if (!key)
		return;
	votes = &key->values[key->value_count - 1].votes;
	sorted = ARENA_ARRAY(arena, struct vote, votes->count + 1);
	memcpy(sorted, votes->items, votes->count * sizeof(*sorted));
	qsort(sorted, votes->count, sizeof(*sorted), by_price);
	market->offers = (struct effective_offers){
		.title = "The cheapest of the newest prices",
		.note = "For a job of 8 GPUs for a month that stores nothing beside them; what no "
			"price list tells of a factor is a range.",
		.need = { .gpus = JOB_GPUS, .months = 1, .month_hours = JOB_HOURS },
		.offers = ARENA_ARRAY(arena, struct effective_offer, MARKET_OFFERS),
	};
	for (size_t i = 0; i < votes->count && market->offers.count < MARKET_OFFERS; i++)
		if (!sorted[i].dropped)
			fill_offer(market, key, &sorted[i], arena,
				   &market->offers.offers[market->offers.count++]);
	effective_report_make(&market->offers, &draws, arena, &market->effective);
}

/* ---- the three rental models ---- */

const struct advice *served_market_models(const struct served_market *market,
					  const struct web_market *with,
					  const struct rating *rating, struct arena *arena)
{
	const struct trend_key *key = widest_key(market);
	struct need *need = ARENA_NEW(arena, struct need);
	struct advice *advice = ARENA_NEW(arena, struct advice);
	struct advice_input input = { .bench = { .need = need,
						 .assumptions = with->assumptions,
						 .catalogue = with->catalogue,
						 .standard = rating->request.standard,
						 .rating = rating,
						 .today = market->newest } };
	struct offer *offers;

	if (!key)
		return NULL;
	need_init(need);
	if (!need_set(need, SPAN("gpu"), span_of(with->catalogue->gpus[key->key.gpu].name), arena,
		      NULL) ||
	    !need_set(need, SPAN("interruption"), SPAN("checkpointed"), arena, NULL))
		return NULL;
	need->gpus = JOB_GPUS;
	need->hours = JOB_HOURS;
	if (!need_complete(need, with->catalogue, market->newest, NULL))
		return NULL;
	offers_make(market->book, (unsigned)with->assumptions->values[ASSUMES_PRICE_WINDOW].value,
		    arena, &offers, &input.offer_count);
	input.offers = offers;
	if (input.offer_count == 0)
		return NULL;
	advice_make(&input, arena, advice);
	return advice;
}

/* ---- all of it ---- */

/* Goes on where `before` stopped: entries are only ever added, and whether one of them counts only
 * acts change. */
static void start_book(const struct web_settings *how, const struct served_market *before,
		       struct served_market *market)
{
	if (before && before->acts == market->acts) {
		book_continue(&before->own, &market->own);
		market->last = before->last;
		return;
	}
	market->own.catalogue = how->market->book->catalogue;
	market->own.exchange = how->market->book->exchange;
	market->own.now = how->as_of == DATE_NONE ? INT64_MAX
						  : ((int64_t)how->as_of + 1) * SECONDS_PER_DAY - 1;
}

static bool load_store(struct web *web, const struct served_market *before,
		       struct served_market *market, struct error *err)
{
	const struct web_settings *how = web_settings(web);
	struct store_query query = { .stream = STORE_QUOTES };
	struct store *store = web_store_take(web, SQL_READ, err);
	bool good;

	if (!store)
		return false;
	start_book(how, before, market);
	query.after = market->last;
	market->read = market->own.rows;
	good = store_load_quotes(store, &query, &market->own, &market->last, err);
	market->read = market->own.rows - market->read;
	web_store_end(web, SQL_READ, store, err);
	market->book = &market->own;
	if (good)
		book_arrange(&market->own, how->threads);
	return good;
}

void served_market_count(const struct served_market *market, uint64_t *ret_read, size_t *ret_count)
{
	*ret_read = market->read;
	*ret_count = market->book->count;
}

static bool count_store(struct web *web, int64_t *ret_quotes, int64_t *ret_acts, struct error *err)
{
	struct store_counts counts = { 0 };
	struct store *store = web_store_take(web, SQL_READ, err);
	bool good;

	if (!store)
		return false;
	good = store_count(store, &counts, err);
	web_store_end(web, SQL_READ, store, err);
	*ret_quotes = counts.entries[STORE_QUOTES];
	*ret_acts = counts.entries[STORE_ACTS];
	return good;
}

static date_t newest_day(const struct book *book)
{
	date_t newest = DATE_NONE;

	for (size_t i = 0; i < book->count; i++) {
		date_t day = date_from_unix(book->quotes[i].until);

		if (newest == DATE_NONE || day > newest)
			newest = day;
	}
	return newest;
}

/* Beside grades each provider's price stands as `assay market evidence` would say it; where it
 * stands in the market is evidence, and only what was taken in as such is rated. */
static void make_listed(struct served_market *market, const struct web_settings *how)
{
	const date_t day = how->as_of == DATE_NONE ? market->newest : how->as_of;
	struct terms_list terms;
	struct record *records;
	size_t count, left_out;

	terms_make(market->book, &market->filter, day, how->threads, &market->arena, &terms);
	terms_records(&terms, market->book, &market->arena, &records, &count, &left_out);
	market->listed = (struct listed_prices){ .records = records, .count = count, .as_of = day };
}

static bool fill(struct web *web, struct served_market *market, struct error *err)
{
	const struct web_settings *how = web_settings(web);
	const struct trend_wish wish = {
		.book = market->book,
		.filter = &market->filter,
		.request = &market->request,
		.last = how->as_of,
		.matched = true,
	};

	market->newest = newest_day(market->book);
	if (!trend_make(&wish, &market->arena, &market->trend, err))
		return false;
	make_effective(market, how);
	make_listed(market, how);
	return true;
}

/* Of the command line: it never changes. */
static bool make_given(struct web *web, struct served_market *before,
		       struct served_market **ret_market, struct error *err)
{
	struct served_market *market = before ? use(before) : start(web_settings(web));

	if (!before)
		market->book = web_market(web)->book;
	if (!before && !fill(web, market, err)) {
		served_market_drop(market);
		return false;
	}
	*ret_market = market;
	return true;
}

bool served_market_make(struct web *web, struct served_market *before,
			struct served_market **ret_market, struct error *err)
{
	const struct web_settings *how = web_settings(web);
	struct served_market *market;
	int64_t quotes = 0, acts = 0;

	*ret_market = NULL;
	if (!how->market)
		return true;
	if (how->market->book->count > 0)
		return make_given(web, before, ret_market, err);
	if (!web_has_store(web))
		return true;
	if (!count_store(web, &quotes, &acts, err))
		return false;
	if (before && before->quotes == quotes && before->acts == acts) {
		*ret_market = use(before);
		return true;
	}
	if (quotes == 0)
		return true;
	market = start(how);
	market->quotes = quotes;
	market->acts = acts;
	if (!load_store(web, before, market, err) ||
	    (market->book->count > 0 && !fill(web, market, err))) {
		served_market_drop(market);
		return false;
	}
	*ret_market = market;
	return true;
}
