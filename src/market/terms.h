/*
 * What price lists say about each provider on a day: where its prices stand in the market, which
 * contract lengths it offers, and whether being interrupted pays. What a list does not say is not
 * known; that something is missing from it proves nothing. docs/market.md, "Prices as evidence".
 */
#pragma once

#include "evidence/record.h"
#include "market/index.h"

enum {
	TERMS_PROVIDERS_LEAST = 5, /* of a key, one's own counted, before it is a market */
	TERMS_LENGTHS = 6,         /* 1, 3, 6, 12, 24 and 36 months */
};

/* Where a price stands: the bounds of pricing.level in the standard. Among the lowest is who is
 * below the market and in the cheapest tenth of the providers, rounded up. */
enum standing {
	STANDING_UNKNOWN,   /* no key of enough providers */
	STANDING_FAR_ABOVE, /* more than half above the market */
	STANDING_ABOVE,     /* 15 to 50 % above */
	STANDING_MARKET,    /* within 15 % */
	STANDING_BELOW,
	STANDING_LOWEST,
	STANDING_COUNT,
};

extern const char *const standing_names[STANDING_COUNT]; /* the answers of pricing.level */

/* A discount from which a preemptible tier is clearly cheaper: ours. */
#define TERMS_CLEAR_DISCOUNT 0.20

struct asked {
	struct key key;           /* of all tiers */
	double usd;               /* the provider's median of one GPU-hour */
	double market_usd;        /* level of the key; NAN when too few providers */
	uint32_t providers, rank; /* that are quoted; 1 is the cheapest, equal ones share it */
	uint32_t quotes;
	date_t observed; /* the newest of them */
	name_t source;   /* of it */
};

struct terms {
	name_t provider;
	struct asked *asked; /* by key */
	size_t count;
	enum standing standing;      /* of the median ratio to the market over its keys */
	double ratio;                /* that; NAN */
	bool lengths[TERMS_LENGTHS]; /* offered on the day, of any GPU */
	uint32_t length_count;
	double discount; /* of spot against on demand of the same GPU, the best; NAN: never both */
	date_t observed; /* the newest of all */
};

extern const unsigned terms_months[TERMS_LENGTHS];

struct terms_list {
	struct terms *items; /* by name of the provider */
	size_t count;
};

/* Of the quotes that the filter takes and that an index would take on the day; the book is arranged
 * (book_arrange). */
void terms_make(const struct book *book, const struct key_filter *filter, date_t day,
		unsigned threads, struct arena *arena, struct terms_list *ret_list);

/* The records that follow, sealed, sorted by id: `price.…` for each key, and pricing.level,
 * pricing.term-lengths and pricing.preemptible where the list settles them. A provider whose name
 * is none of a subject (docs/evidence.md) is left out and counted. All of it lives in the arena. */
void terms_records(const struct terms_list *list, const struct book *book, struct arena *arena,
		   struct record **ret_records, size_t *ret_count, size_t *ret_left_out);
