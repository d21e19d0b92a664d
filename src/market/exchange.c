#include "market/exchange.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"

enum column {
	COLUMN_DATE,
	COLUMN_CURRENCY,
	COLUMN_USD,
	COLUMN_SOURCE,
	COLUMN_COUNT,
};

static const char *const columns[] = { "date", "currency", "usd", "source" };
static_assert(sizeof(columns) / sizeof(columns[0]) == COLUMN_COUNT, "a name for each column");

static int compare_key(const struct exchange_row *row, currency_t currency, date_t date)
{
	if (row->currency != currency)
		return row->currency < currency ? -1 : 1;
	return (row->date > date) - (row->date < date);
}

static int compare_rows(const void *left, const void *right)
{
	const struct exchange_row *b = right;

	return compare_key(left, b->currency, b->date);
}

static bool read_row(const struct table_reader *reader, struct exchange_row *row, struct error *err)
{
	const char *text;

	if (!table_required(reader, COLUMN_DATE, &text, err) ||
	    !table_date(reader, COLUMN_DATE, &row->date, err))
		return false;
	if (!currency_find(reader->cells[COLUMN_CURRENCY], &row->currency) ||
	    row->currency == CURRENCY_USD)
		return table_fail(reader, COLUMN_CURRENCY, err,
				  "'%.*s' is no code of ISO 4217 other than USD",
				  SPAN_ARGS(reader->cells[COLUMN_CURRENCY]));
	if (!nano_parse(reader->cells[COLUMN_USD], &row->usd_nano) || row->usd_nano <= 0)
		return table_fail(reader, COLUMN_USD, err, "'%.*s' is no rate above 0",
				  SPAN_ARGS(reader->cells[COLUMN_USD]));
	return table_required(reader, COLUMN_SOURCE, &text, err);
}

static bool rows_differ(const struct exchange *exchange, const char *file, struct error *err)
{
	for (size_t i = 1; i < exchange->count; i++) {
		const struct exchange_row *row = &exchange->rows[i];
		char day[DATE_TEXT_SIZE];

		if (compare_rows(row - 1, row) == 0)
			return fail(err, ERROR_CONFLICT, "%s: two rates of %s on %s", file,
				    currency_code(row->currency), date_format(row->date, day));
	}
	return true;
}

bool exchange_read(struct span text, const char *file, struct arena *arena,
		   struct exchange *ret_exchange, struct error *err)
{
	static const struct table_format format = { "assay/exchange/v1", columns, COLUMN_COUNT };
	struct exchange exchange = { 0 };
	struct table_reader reader;
	enum table_step step;

	if (!table_open(&reader, &format, file, text, arena, err))
		return false;
	exchange.rows = ARENA_ARRAY(arena, struct exchange_row, table_rows_at_most(&reader));
	while ((step = table_next(&reader, err)) == TABLE_ROW) {
		if (!read_row(&reader, &exchange.rows[exchange.count], err))
			return false;
		exchange.count++;
	}
	if (step == TABLE_FAULT)
		return false;
	if (exchange.count > 0)
		qsort(exchange.rows, exchange.count, sizeof(*exchange.rows), compare_rows);
	if (!rows_differ(&exchange, file, err))
		return false;
	*ret_exchange = exchange;
	return true;
}

/* The last rate on or before the day; NULL when there is none. */
static const struct exchange_row *find_row(const struct exchange *exchange, currency_t currency,
					   date_t date)
{
	size_t low = 0, high = exchange->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare_key(&exchange->rows[middle], currency, date) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || exchange->rows[low - 1].currency != currency)
		return NULL;
	return &exchange->rows[low - 1];
}

bool exchange_to_usd(const struct exchange *exchange, struct money money, date_t date,
		     int64_t *ret_usd_nano)
{
	const struct exchange_row *row;

	if (money.currency == CURRENCY_USD) {
		*ret_usd_nano = money.nano;
		return true;
	}
	row = exchange ? find_row(exchange, money.currency, date) : NULL;
	if (!row || (int64_t)date - row->date > EXCHANGE_AGE_MAXIMUM_DAYS)
		return false;
	return nano_scale(money.nano, row->usd_nano, NANO_PER_UNIT, ret_usd_nano);
}
