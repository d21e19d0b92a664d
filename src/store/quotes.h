/*
 * Prices in the store: each quote is an entry of STORE_QUOTES, found by
 * "provider/product/region", by its key ("h100/80gb/sxm/on-demand/all-tiers") and by when it was
 * observed; its value is USD of one GPU for an hour, by the exchange rates that were known when it
 * came. Its id follows from what it says, so that the same quote is taken once.
 */
#pragma once

#include "market/quote.h"
#include "store/store.h"

enum {
	QUOTES_IN_BATCH = 10000, /* at most; a batch is taken whole or not at all */
};

/* Quotes on their way in, batch by batch. */
struct quote_intake {
	struct store *store;
	const char *party;
	int64_t now; /* seconds since the epoch */
	const struct catalogue *catalogue;
	struct store_receipt receipt; /* of the last batch */
	size_t taken, known;          /* of all that were flushed */
	struct store_entry *entries;
	size_t count, bytes;
	struct arena arena; /* of one batch */
};

/* Takes the quote; every some thousand of them are appended together. */
bool store_quote_add(struct quote_intake *intake, const struct names *names,
		     const struct quote *quote, struct error *err);

/* Appends what is still held. */
bool store_quote_flush(struct quote_intake *intake, struct error *err);
void store_quote_release(struct quote_intake *intake);

/* Puts the quotes of the query, whose stream is STORE_QUOTES, into the book as an importer would.
 * *ret_last, which may be NULL, gets the place of the last entry that was read, or the `after` of
 * the query when there was none: with that as its `after` the next query reads what has come since,
 * and no more. */
bool store_load_quotes(struct store *store, const struct store_query *query, struct book *book,
		       int64_t *ret_last, struct error *err);
