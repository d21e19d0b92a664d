#include "market/book_write.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "market/plain.h"

enum {
	SECONDS_PER_DAY = 86400,
	NANO_PER_MICRO = 1000,
	NANO_DECIMALS = 9,
	NAME_COLUMNS = 8,
	NUMBER_BYTES = 32, /* of a cell that is no name; the longest is the list of what is told */
	/* A name may be nothing but quotes, each of which is doubled. */
	ROW_MAXIMUM = NAME_COLUMNS * (2 * NAME_LENGTH_MAXIMUM + 2) +
		      PLAIN_WRITTEN * (NUMBER_BYTES + 1) + 64,
};

/* A row while it is written: there is room for the longest. */
struct pen {
	char *at;
	const struct catalogue *catalogue;
	const struct names *names;
	const struct quote *quote;
};

void quotes_write_header(struct text *into)
{
	for (unsigned i = 0; i < PLAIN_WRITTEN; i++) {
		if (i > 0)
			text_add_char(into, ',');
		text_add_span(into, plain_name((enum plain_field)i));
	}
	text_add_char(into, '\n');
}

static void put_span(struct pen *pen, struct span piece)
{
	memcpy(pen->at, piece.at, piece.length);
	pen->at += piece.length;
}

static void put_text(struct pen *pen, const char *piece)
{
	put_span(pen, span_of(piece));
}

/* As csv_put. */
static void put_cell(struct pen *pen, struct span cell)
{
	if (!memchr(cell.at, ',', cell.length) && !memchr(cell.at, '"', cell.length)) {
		put_span(pen, cell);
		return;
	}
	*pen->at++ = '"';
	for (size_t i = 0; i < cell.length; i++) {
		if (cell.at[i] == '"')
			*pen->at++ = '"';
		*pen->at++ = cell.at[i];
	}
	*pen->at++ = '"';
}

static void put_nano(struct pen *pen, int64_t nano)
{
	char text[MONEY_TEXT_SIZE];

	put_text(pen, nano_format(nano, text));
}

/* Zero is not said. */
static void put_count(struct pen *pen, uint64_t count)
{
	char text[NUMBER_BYTES];
	size_t at = sizeof(text);

	for (; count > 0; count /= 10)
		text[--at] = (char)('0' + count % 10);
	put_span(pen, (struct span){ text + at, sizeof(text) - at });
}

/* ---- the kinds of columns; `field` is what the quote holds ---- */

static void put_name(struct pen *pen, const void *field)
{
	name_t name = *(const name_t *)field;

	if (name != NAME_NONE)
		put_cell(pen, names_text(pen->names, name));
}

static void put_u16(struct pen *pen, const void *field)
{
	put_count(pen, *(const uint16_t *)field);
}

static void put_u32(struct pen *pen, const void *field)
{
	put_count(pen, *(const uint32_t *)field);
}

static void put_listings(struct pen *pen, const void *field)
{
	uint32_t listings = *(const uint32_t *)field;

	put_count(pen, listings > 1 ? listings : 0);
}

static void put_gpu(struct pen *pen, const void *field)
{
	put_text(pen, pen->catalogue->gpus[*(const uint16_t *)field].name);
}

static void put_form(struct pen *pen, const void *field)
{
	uint8_t form = *(const uint8_t *)field;

	put_text(pen, form == FORM_UNKNOWN ? "" : form_names[form]);
}

static void put_rental(struct pen *pen, const void *field)
{
	put_text(pen, rental_names[*(const uint8_t *)field]);
}

static void put_stock(struct pen *pen, const void *field)
{
	uint8_t stock = *(const uint8_t *)field;

	put_text(pen, stock == STOCK_UNKNOWN ? "" : stock_names[stock]);
}

static void put_currency(struct pen *pen, const void *field)
{
	put_text(pen, currency_code(*(const currency_t *)field));
}

static void put_unit(struct pen *pen, const void *field)
{
	(void)field;
	put_text(pen, price_unit_names[pen->quote->unit]);
}

static void put_per(struct pen *pen, const void *field)
{
	(void)field;
	put_text(pen, pen->quote->price_of == PRICE_OF_GPU ? "gpu" : "offer");
}

static void put_nvlink(struct pen *pen, const void *field)
{
	(void)field;
	put_text(pen, !pen->quote->nvlink_told ? "" : pen->quote->nvlink ? "yes" : "no");
}

static void put_price(struct pen *pen, const void *field)
{
	put_nano(pen, *(const int64_t *)field);
}

static void put_upfront(struct pen *pen, const void *field)
{
	int64_t nano = *(const int64_t *)field;

	if (nano > 0)
		put_nano(pen, nano);
}

static void put_micro(struct pen *pen, const void *field)
{
	int32_t micro = *(const int32_t *)field;

	if (micro >= 0)
		put_nano(pen, (int64_t)micro * NANO_PER_MICRO);
}

/* It is the same float that is asked for, not a near one. */
static uint32_t bits_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* The shortest decimal that gives the same float. */
static void put_measure(struct pen *pen, const void *field)
{
	float value = *(const float *)field;
	int64_t nano, step = NANO_PER_UNIT;

	if (isnan(value) || !nano_from_double((double)value, &nano))
		return;
	for (unsigned i = 0; i < NANO_DECIMALS; i++, step /= 10) {
		int64_t rounded = (nano + step / 2) / step * step;

		if (bits_of((float)nano_to_double(rounded)) == bits_of(value)) {
			put_nano(pen, rounded);
			return;
		}
	}
	put_nano(pen, nano);
}

/* Zero is not said. */
static void put_speed(struct pen *pen, const void *field)
{
	if (*(const float *)field > 0)
		put_measure(pen, field);
}

static void put_bits(struct pen *pen, unsigned bits)
{
	const char *between = "";

	for (unsigned i = 0; i < INCLUDED_COUNT; i++) {
		if (!(bits & 1u << i))
			continue;
		put_text(pen, between);
		put_text(pen, included_names[i]);
		between = " ";
	}
}

static void put_includes(struct pen *pen, const void *field)
{
	(void)field;
	put_bits(pen, pen->quote->includes);
}

static void put_excludes(struct pen *pen, const void *field)
{
	(void)field;
	put_bits(pen, pen->quote->told & ~(unsigned)pen->quote->includes);
}

static void put_moment(struct pen *pen, int64_t seconds)
{
	char day[DATE_TEXT_SIZE], time[TIME_TEXT_SIZE];

	if (seconds % SECONDS_PER_DAY == 0)
		put_text(pen, date_format((date_t)(seconds / SECONDS_PER_DAY), day));
	else
		put_text(pen, time_format(seconds, time));
}

static void put_observed(struct pen *pen, const void *field)
{
	put_moment(pen, *(const int64_t *)field);
}

static void put_until(struct pen *pen, const void *field)
{
	int64_t until = *(const int64_t *)field;

	if (until != pen->quote->observed)
		put_moment(pen, until);
}

struct column {
	void (*put)(struct pen *pen, const void *field);
	size_t place; /* of the field in a quote; 0 where the column is made of several */
};

#define OF(field) offsetof(struct quote, field)

static const struct column columns[] = {
	[PLAIN_PROVIDER] = { put_name, OF(provider) },
	[PLAIN_PRODUCT] = { put_name, OF(product) },
	[PLAIN_REGION] = { put_name, OF(region) },
	[PLAIN_GPU] = { put_gpu, OF(gpu) },
	[PLAIN_FORM] = { put_form, OF(form) },
	[PLAIN_MEMORY] = { put_u16, OF(memory_gb) },
	[PLAIN_GPUS] = { put_u32, OF(gpus) },
	[PLAIN_RENTAL] = { put_rental, OF(rental) },
	[PLAIN_TERM] = { put_u16, OF(term_months) },
	[PLAIN_PRICE] = { put_price, OF(price_nano) },
	[PLAIN_CURRENCY] = { put_currency, OF(currency) },
	[PLAIN_UNIT] = { put_unit, 0 },
	[PLAIN_PER] = { put_per, 0 },
	[PLAIN_UPFRONT] = { put_upfront, OF(upfront_nano) },
	[PLAIN_INCLUDES] = { put_includes, 0 },
	[PLAIN_EXCLUDES] = { put_excludes, 0 },
	[PLAIN_NETWORK] = { put_name, OF(network) },
	[PLAIN_GBIT] = { put_speed, OF(gbit_per_s) },
	[PLAIN_NVLINK] = { put_nvlink, 0 },
	[PLAIN_STOCK] = { put_stock, OF(stock) },
	[PLAIN_RELIABILITY] = { put_measure, OF(reliability) },
	[PLAIN_PERFORMANCE] = { put_measure, OF(performance) },
	[PLAIN_STORAGE] = { put_micro, OF(storage_micro) },
	[PLAIN_EGRESS] = { put_micro, OF(egress_micro) },
	[PLAIN_MINIMUM_GPUS] = { put_u32, OF(minimum_gpus) },
	[PLAIN_BOOT] = { put_u16, OF(boot_s) },
	[PLAIN_OBSERVED] = { put_observed, OF(observed) },
	[PLAIN_UNTIL] = { put_until, OF(until) },
	[PLAIN_LISTINGS] = { put_listings, OF(listings) },
	[PLAIN_MACHINE] = { put_name, OF(machine) },
	[PLAIN_HOST] = { put_name, OF(host) },
	[PLAIN_SOURCE] = { put_name, OF(source) },
	[PLAIN_LICENCE] = { put_name, OF(licence) },
};
static_assert(sizeof(columns) / sizeof(columns[0]) == PLAIN_WRITTEN, "one for each column");

void quote_write(struct text *into, const struct catalogue *catalogue, const struct names *names,
		 const struct quote *quote)
{
	char row[ROW_MAXIMUM];
	struct pen pen = { .at = row, .catalogue = catalogue, .names = names, .quote = quote };

	for (unsigned i = 0; i < PLAIN_WRITTEN; i++) {
		columns[i].put(&pen, (const char *)quote + columns[i].place);
		*pen.at++ = i + 1 < PLAIN_WRITTEN ? ',' : '\n';
	}
	assert(pen.at <= row + sizeof(row));
	text_add_span(into, (struct span){ row, (size_t)(pen.at - row) });
}
