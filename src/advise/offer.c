#include "advise/offer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A quote beside what it is sorted by. */
struct item {
	const struct quote *quote;
	const struct book *book;
	date_t day;
};

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_names(const struct book *book, name_t a, name_t b)
{
	return a == b ? 0 : span_compare(quote_name(book, a), quote_name(book, b));
}

/* Whether the row is one machine, of which there is no second. */
static bool is_machine(const struct quote *quote)
{
	return quote->machine != NAME_NONE;
}

/* What makes an offer. */
static int compare_group(const struct item *a, const struct item *b)
{
	const struct quote *x = a->quote, *y = b->quote;
	const int orders[] = {
		compare_names(a->book, x->provider, y->provider),
		compare_names(a->book, x->product, y->product),
		compare_names(a->book, x->region, y->region),
		compare_u64(x->gpu, y->gpu),
		compare_u64(x->form, y->form),
		compare_u64(x->memory_gb, y->memory_gb),
		compare_u64(x->rental, y->rental),
		compare_u64(x->term_months, y->term_months),
		compare_u64(is_machine(x), is_machine(y)),
		is_machine(x) && is_machine(y) ? 0 : compare_u64(x->gpus, y->gpus),
		is_machine(x) && is_machine(y) ? 0 : compare_u64(x->minimum_gpus, y->minimum_gpus),
	};

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (orders[i] != 0)
			return orders[i];
	}
	return 0;
}

/* Then the newest first, and of a day by machine, its largest slice first, by price and by all
 * else that an offer shows. */
static int compare_items(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	const struct quote *x = a->quote, *y = b->quote;
	int order = compare_group(a, b);

	if (order == 0)
		order = (a->day < b->day) - (a->day > b->day);
	if (order == 0)
		order = compare_names(a->book, x->machine, y->machine);
	if (order == 0)
		order = compare_u64(y->gpus, x->gpus);
	if (order == 0)
		order = (x->usd_nano > y->usd_nano) - (x->usd_nano < y->usd_nano);
	if (order == 0)
		order = compare_names(a->book, x->source, y->source);
	if (order == 0)
		order = compare_u64(x->stock, y->stock);
	if (order == 0)
		order = (x->gbit_per_s > y->gbit_per_s) - (x->gbit_per_s < y->gbit_per_s);
	if (order == 0)
		order = (x->storage_micro < y->storage_micro) -
			(x->storage_micro > y->storage_micro);
	if (order == 0)
		order = (x->egress_micro < y->egress_micro) - (x->egress_micro > y->egress_micro);
	return order;
}

static int compare_listings(const void *left, const void *right)
{
	const struct listing *a = left, *b = right;

	if (a->usd < b->usd || a->usd > b->usd)
		return a->usd < b->usd ? -1 : 1;
	return (a->gpus < b->gpus) - (a->gpus > b->gpus);
}

/* The machines of a day; of one machine that is listed in slices, the largest. */
static void take_listings(struct offer *offer, const struct item *items, size_t count,
			  struct arena *arena)
{
	offer->listings = ARENA_ARRAY(arena, struct listing, count);
	for (size_t i = 0; i < count; i++) {
		const struct quote *quote = items[i].quote;

		if (i > 0 && quote->machine == items[i - 1].quote->machine)
			continue;
		if (quote->gpus > offer->size)
			offer->size = quote->gpus;
		offer->listings[offer->listing_count++] =
			(struct listing){ .usd = quote_usd(quote), .gpus = quote->gpus };
	}
	qsort(offer->listings, offer->listing_count, sizeof(struct listing), compare_listings);
}

static int compare_doubles(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static double median_of(const struct item *items, size_t count, struct arena *arena)
{
	double *prices = ARENA_ARRAY(arena, double, count);

	for (size_t i = 0; i < count; i++)
		prices[i] = quote_usd(items[i].quote);
	qsort(prices, count, sizeof(*prices), compare_doubles);
	return count % 2 == 1 ? prices[count / 2] : (prices[count / 2 - 1] + prices[count / 2]) / 2;
}

/* There is some when one row of the day says so. */
static enum stock stock_of(const struct item *items, size_t count)
{
	enum stock best = items[0].quote->stock;

	for (size_t i = 1; i < count; i++) {
		if (items[i].quote->stock == STOCK_YES)
			best = STOCK_YES;
	}
	return best;
}

static double price_of(int32_t micro)
{
	return micro < 0 ? (double)NAN : micro * 1e-6;
}

/* What of the window before the newest day moves the price. */
static void take_window(struct offer *offer, const struct item *items, size_t count, size_t today,
			unsigned days, struct arena *arena)
{
	size_t first = today;

	for (size_t i = 0; i < count; i++) {
		double usd = quote_usd(items[i].quote);

		if (items[0].day - items[i].day > (date_t)days)
			break;
		offer->usd.low = fmin(offer->usd.low, usd);
		offer->usd.high = fmax(offer->usd.high, usd);
		if (i >= today && items[i].day != items[first].day)
			first = i;
		if (i >= today)
			offer->before = items[i].day;
	}
	if (offer->before != DATE_NONE) {
		size_t same = first;

		while (same < count && items[same].day == items[first].day)
			same++;
		offer->before_usd = median_of(&items[first], same - first, arena);
	}
}

static const char *name_text(const struct book *book, name_t name, struct arena *arena)
{
	return arena_string(arena, quote_name(book, name));
}

static struct offer make_offer(const struct item *items, size_t count, unsigned days,
			       struct arena *arena)
{
	const struct quote *quote = items[0].quote;
	const struct book *book = items[0].book;
	size_t today = 1;

	while (today < count && items[today].day == items[0].day)
		today++;

	double median = median_of(items, today, arena);
	struct offer offer = {
		.provider = name_text(book, quote->provider, arena),
		.product = name_text(book, quote->product, arena),
		.region = name_text(book, quote->region, arena),
		.source = name_text(book, quote->source, arena),
		.gpu = quote->gpu,
		.memory_gb = quote->memory_gb,
		.form = (enum form)quote->form,
		.rental = (enum rental)quote->rental,
		.term_months = quote->term_months,
		.tier = (enum tier)quote->tier,
		.stock = stock_of(items, today),
		.size = quote->gpus,
		.size_known =
			is_machine(quote) || quote->price_of == PRICE_OF_OFFER || quote->gpus > 1,
		.minimum_gpus = quote->minimum_gpus,
		.gbit_per_s = (double)quote->gbit_per_s,
		.usd = { .value = median, .low = median, .high = median },
		.storage_usd = price_of(quote->storage_micro),
		.egress_usd = price_of(quote->egress_micro),
		.includes = quote->includes,
		.told = quote->told,
		.observed = items[0].day,
		.quotes = (uint32_t)count,
		.before_usd = NAN,
		.before = DATE_NONE,
	};
	take_window(&offer, items, count, today, days, arena);
	if (is_machine(quote))
		take_listings(&offer, items, today, arena);
	return offer;
}

void offers_make(const struct book *book, unsigned window_days, struct arena *arena,
		 struct offer **ret_offers, size_t *ret_count)
{
	struct item *items = ARENA_ARRAY(arena, struct item, book->count);
	size_t count = 0;

	for (size_t i = 0; i < book->count; i++)
		items[i] = (struct item){ .quote = &book->quotes[i],
					  .book = book,
					  .day = quote_day(&book->quotes[i]) };
	qsort(items, book->count, sizeof(*items), compare_items);

	struct offer *offers = ARENA_ARRAY(arena, struct offer, book->count);
	for (size_t first = 0; first < book->count;) {
		size_t end = first + 1;

		while (end < book->count && compare_group(&items[first], &items[end]) == 0)
			end++;
		offers[count++] = make_offer(&items[first], end - first, window_days, arena);
		first = end;
	}
	*ret_offers = offers;
	*ret_count = count;
}

double offer_paid_gpus(const struct offer *offer, double gpus)
{
	double size = offer->size_known && offer->listing_count == 0 ? offer->size : 1;
	double whole = ceil(gpus / size) * size;

	return fmax(whole, offer->minimum_gpus);
}

bool offer_price(const struct offer *offer, double gpus, struct quantity *ret_usd)
{
	double left = gpus, sum = 0;

	if (offer->listing_count == 0) {
		*ret_usd = offer->usd;
		return true;
	}
	for (uint32_t i = 0; i < offer->listing_count && left > 0; i++) {
		double taken = fmin(left, offer->listings[i].gpus);

		sum += taken * offer->listings[i].usd;
		left -= taken;
	}
	if (left > 0)
		return false;

	double usd = sum / gpus;
	*ret_usd = (struct quantity){ .value = usd,
				      .low = fmin(usd, offer->usd.low),
				      .high = fmax(usd, offer->usd.high) };
	return true;
}

const char *offer_name(const struct offer *offer, struct arena *arena)
{
	const char *term = offer->rental == RENTAL_CONTRACT
				   ? arena_format(arena, " %u months", offer->term_months)
				   : "";

	return arena_format(arena, "%s%s%s%s%s, %s%s", offer->provider,
			    offer->product[0] != '\0' ? " " : "", offer->product,
			    offer->region[0] != '\0' ? " " : "", offer->region,
			    rental_names[offer->rental], term);
}
