/*
 * The prices that the server shows: a book, the level of each key step by step, and what an hour is
 * worth. Made once after prices have come, shared by the snapshots until more come.
 */
#pragma once

#include "advise/advice.h"
#include "base/thread.h"
#include "rating/price.h"
#include "report/site_market.h"
#include "web/web.h"

enum {
	MARKET_DRAWS_MAXIMUM = 1000, /* for the bands of all points */
	MARKET_OFFERS = 4,           /* whose effective price is shown */
};

struct served_market {
	const struct book *book; /* `own`, or that of the command line */
	struct book own;
	struct key_filter filter;
	struct index_request request;
	struct trend_report trend;
	struct effective_offers offers;
	struct effective_report effective;
	struct listed_prices listed; /* what each provider asks on the last day */
	date_t newest;               /* on which a quote was last confirmed */
	int64_t quotes, acts;        /* entries of the store that it was made from */
	int64_t last;                /* place of the last of them */
	uint64_t read; /* rows of the store that were read for it; the rest is of the one
			* before */
	struct arena arena;
	struct lock lock;
	unsigned users;
};

/* The prices of the store, or those of --market; NULL when there is none. `before`, which may be
 * NULL, is used once more when nothing has come since. The result has one user, the caller. */
bool served_market_make(struct web *web, struct served_market *before,
			struct served_market **ret_market, struct error *err);
void served_market_drop(struct served_market *market); /* NULL is fine */
void served_market_count(const struct served_market *market, uint64_t *ret_read, size_t *ret_count);

/* What a job of eight of the most quoted GPUs costs, by the three rental models, at the newest
 * prices; NULL when no offer fits. In the arena. */
const struct advice *served_market_models(const struct served_market *market,
					  const struct web_market *with,
					  const struct rating *rating, struct arena *arena);
