/*
 * Prices beside grades: what records of kind price say that an hour costs, and who is dominated.
 * They are shown and never enter a score: absolute quality is rated, and price is weighed against
 * it here and in the buyer's guide.
 */
#pragma once

#include "rating/rating.h"

enum {
	PRICE_AGE_MAXIMUM_DAYS = 90, /* of a record that names no expiry of its own */
};

/* Prices of a market that is kept apart from the evidence, as records that a list makes. They are
 * shown beside grades on a day of their own, and enter neither a score nor the hash of a rating. */
struct listed_prices {
	const struct record *records;
	size_t count;
	date_t as_of;
};

/* What one provider asks for one GPU-hour of one kind. */
struct offered_price {
	const struct provider *provider;
	const char *gpu;    /* of the record's subject: "h100-sxm" */
	const char *rental; /* "on-demand", "spot", "contract-12" */
	double usd;         /* of one GPU for one hour */
	const struct record *record;
	bool is_listed; /* of a listed price: the record is none of the evidence */
	/* The best of those that are rated, hold no worse a grade and ask no more, one of the two
	 * better, for the same GPU and rental; NULL when nobody does, and for who is not rated. */
	const struct offered_price *dominated_by;
};

struct price_list {
	struct offered_price *items; /* by GPU, rental, price, then provider's name */
	uint32_t count;
};

/* Of each provider, GPU and rental the record observed last counts, be it of the evidence or listed
 * (NULL: nothing is);
 * of those of one day the cheapest, as a renter would choose. Records after the day (the rating's,
 * or that of the list), announced or past their expiry do not count. */
void prices_of(const struct rating *rating, const struct listed_prices *listed, struct arena *arena,
	       struct price_list *ret_list);
