/*
 * Dated exchange rates, from a table: a price in another currency is worth what the last rate on or
 * before its day says, and is refused when that rate is older than a week.
 */
#pragma once

#include "base/arena.h"
#include "base/date.h"
#include "market/money.h"

enum {
	EXCHANGE_AGE_MAXIMUM_DAYS = 7,
};

struct exchange_row {
	date_t date;
	currency_t currency;
	int64_t usd_nano; /* one unit of the currency, in billionths of a dollar */
};

struct exchange {
	struct exchange_row *rows; /* sorted by currency, then by date */
	size_t count;
};

/* A TSV table "assay/exchange/v1": date, currency, usd, source. */
bool exchange_read(struct span text, const char *file, struct arena *arena,
		   struct exchange *ret_exchange, struct error *err);

/* False when no rate is known that is at most a week old; USD always is worth itself. */
bool exchange_to_usd(const struct exchange *exchange, struct money money, date_t date,
		     int64_t *ret_usd_nano);
