#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "market/book_write.h"
#include "report/market.h"
#include "report/page.h"
#include "report/phrase.h"

enum {
	PRICE_DECIMALS = 4,
};

/* A quote with the names that it is sorted by. */
struct listed {
	const struct quote *quote;
	struct span provider, product, region;
};

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_listed(const void *left, const void *right)
{
	const struct listed *a = left;
	const struct listed *b = right;
	const struct quote *x = a->quote;
	const struct quote *y = b->quote;
	const int orders[] = {
		compare_numbers(x->gpu, y->gpu),
		compare_numbers(x->form, y->form),
		compare_numbers(x->memory_gb, y->memory_gb),
		compare_numbers(x->rental, y->rental),
		compare_numbers(x->term_months, y->term_months),
		compare_numbers(x->usd_nano, y->usd_nano),
		span_compare(a->provider, b->provider),
		span_compare(a->product, b->product),
		span_compare(a->region, b->region),
		compare_numbers(x->observed, y->observed),
		compare_numbers(x->gpus, y->gpus),
		compare_numbers(x->machine, y->machine),
	};

	for (unsigned i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (orders[i] != 0)
			return orders[i];
	}
	return 0;
}

static struct listed *sort_quotes(const struct book *book, const struct quote *const *quotes,
				  size_t count, struct arena *arena)
{
	struct listed *listed = ARENA_ARRAY(arena, struct listed, count);

	for (size_t i = 0; i < count; i++)
		listed[i] = (struct listed){
			.quote = quotes[i],
			.provider = quote_name(book, quotes[i]->provider),
			.product = quote_name(book, quotes[i]->product),
			.region = quote_name(book, quotes[i]->region),
		};
	if (count > 0)
		qsort(listed, count, sizeof(*listed), compare_listed);
	return listed;
}

/* "h100 80 GB sxm" */
static const char *gpu_text(const struct book *book, const struct quote *quote, struct arena *arena)
{
	const char *name = book->catalogue->gpus[quote->gpu].name;
	const char *form = quote->form == FORM_UNKNOWN ? "form unknown" : form_names[quote->form];

	if (quote->memory_gb == 0)
		return arena_format(arena, "%s %s", name, form);
	return arena_format(arena, "%s %u GB %s", name, quote->memory_gb, form);
}

static const char *rental_text(const struct quote *quote, struct arena *arena)
{
	if (quote->term_months == 0)
		return rental_names[quote->rental];
	return arena_format(arena, "%s, %s", rental_names[quote->rental],
			    count_text(quote->term_months, "month", arena));
}

/* What was asked for, as it was asked: "98.32 USD an hour for 8 GPUs". */
static const char *asked_text(const struct quote *quote, struct arena *arena)
{
	char amount[MONEY_TEXT_SIZE];

	return arena_format(arena, "%s %s %s %s for %s", nano_format(quote->price_nano, amount),
			    currency_code(quote->currency), quote->unit == UNIT_HOUR ? "an" : "a",
			    price_unit_names[quote->unit],
			    quote->price_of == PRICE_OF_GPU
				    ? "one GPU"
				    : count_text(quote->gpus, "GPU", arena));
}

static void write_table(const struct page *page, const struct book *book,
			const struct listed *listed, size_t count)
{
	static const struct column columns[] = {
		{ .title = "GPU" },
		{ .title = "rental" },
		{ .title = "USD/GPU-h", .right = true },
		{ .title = "GPUs", .right = true },
		{ .title = "provider" },
		{ .title = "stock" },
		{ .title = "observed" },
		{ .title = "product, region, and the price as asked" },
	};
	TABLE(table, columns, page->arena);

	for (size_t i = 0; i < count; i++) {
		const struct quote *quote = listed[i].quote;
		char day[DATE_TEXT_SIZE];

		table_cell(&table, gpu_text(book, quote, page->arena));
		table_cell(&table, rental_text(quote, page->arena));
		table_cell(&table, decimal_text(quote_usd(quote), PRICE_DECIMALS, page->arena));
		table_format(&table, "%u", quote->gpus);
		table_cell(&table, arena_string(page->arena, listed[i].provider));
		table_cell(&table, quote->stock == STOCK_UNKNOWN ? "" : stock_names[quote->stock]);
		table_format(&table, "%s", date_format(quote_day(quote), day));
		table_format(&table, "%.*s%s%.*s%s%s", SPAN_ARGS(listed[i].product),
			     listed[i].product.length > 0 ? ", " : "", SPAN_ARGS(listed[i].region),
			     listed[i].region.length > 0 ? "; " : "",
			     asked_text(quote, page->arena));
	}
	page_title(page, "%s", count_text(count, "quote", page->arena));
	if (count > 0)
		page_table(page, &table);
}

/* Empty texts are null: not said. */
static void put_text(struct json_writer *writer, const char *key, struct span text)
{
	json_key(writer, key);
	if (text.length > 0)
		json_put_span(writer, text);
	else
		json_put_null(writer);
}

static void put_known(struct json_writer *writer, const char *key, double value, bool known)
{
	json_key(writer, key);
	if (known)
		json_put_number(writer, value);
	else
		json_put_null(writer);
}

static void put_amount(struct json_writer *writer, const char *key, int64_t nano)
{
	char text[MONEY_TEXT_SIZE];

	json_pair_string(writer, key, nano_format(nano, text));
}

static void put_price(struct json_writer *writer, const struct quote *quote)
{
	put_amount(writer, "usd_per_gpu_hour", quote->usd_nano);
	json_key(writer, "asked");
	json_open_object(writer);
	put_amount(writer, "price", quote->price_nano);
	json_pair_string(writer, "currency", currency_code(quote->currency));
	json_pair_string(writer, "unit", price_unit_names[quote->unit]);
	json_pair_string(writer, "per", quote->price_of == PRICE_OF_GPU ? "gpu" : "offer");
	put_amount(writer, "upfront", quote->upfront_nano);
	json_close_object(writer);
}

static void put_quote(struct json_writer *writer, const struct book *book,
		      const struct listed *listed)
{
	const struct quote *quote = listed->quote;
	char time[TIME_TEXT_SIZE];

	json_open_object(writer);
	put_text(writer, "provider", listed->provider);
	json_pair_string(writer, "tier", tier_names[quote->tier]);
	put_text(writer, "product", listed->product);
	put_text(writer, "region", listed->region);
	json_pair_string(writer, "gpu", book->catalogue->gpus[quote->gpu].name);
	json_pair_string(writer, "form", form_names[quote->form]);
	put_known(writer, "memory_gb", quote->memory_gb, quote->memory_gb > 0);
	json_pair_integer(writer, "gpus", quote->gpus);
	json_pair_string(writer, "rental", rental_names[quote->rental]);
	put_known(writer, "term_months", quote->term_months, quote->term_months > 0);
	put_price(writer, quote);
	put_text(writer, "network", quote_name(book, quote->network));
	put_known(writer, "gbit_per_s", (double)quote->gbit_per_s, quote->gbit_per_s > 0);
	json_pair_string(writer, "stock", stock_names[quote->stock]);
	put_known(writer, "reliability", (double)quote->reliability, !isnan(quote->reliability));
	json_pair_integer(writer, "listings", quote->listings);
	json_pair_string(writer, "observed", time_format(quote->observed, time));
	json_pair_string(writer, "until", time_format(quote->until, time));
	put_text(writer, "machine", quote_name(book, quote->machine));
	put_text(writer, "host", quote_name(book, quote->host));
	put_text(writer, "source", quote_name(book, quote->source));
	put_text(writer, "licence", quote_name(book, quote->licence));
	json_close_object(writer);
}

static void write_json(const struct book *book, const struct listed *listed, size_t count,
		       struct text *into)
{
	struct json_writer writer = { .into = into, .indent = 1 };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/quotes/v1");
	json_key(&writer, "quotes");
	json_open_array(&writer);
	for (size_t i = 0; i < count; i++)
		put_quote(&writer, book, &listed[i]);
	json_close_array(&writer);
	json_close_object(&writer);
	text_add_char(into, '\n');
}

/* The plain format itself, which can be read again. */
static void write_csv(const struct book *book, const struct listed *listed, size_t count,
		      struct text *into)
{
	quotes_write_header(into);
	for (size_t i = 0; i < count; i++)
		quote_write(into, book->catalogue, &book->names, listed[i].quote);
}

void quote_list_write(const struct book *book, const struct quote *const *quotes, size_t count,
		      enum report_format format, const struct report_style *style,
		      struct text *into)
{
	SCOPED_ARENA(arena);
	const struct listed *listed = sort_quotes(book, quotes, count, &arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON)
		write_json(book, listed, count, into);
	else if (format == FORMAT_CSV)
		write_csv(book, listed, count, into);
	else
		write_table(&page, book, listed, count);
}
