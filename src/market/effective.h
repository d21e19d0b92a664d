/*
 * Effective price: what a GPU-hour of the work costs, from what is asked for an hour and from what
 * the hour delivers.
 *
 *   effective = {[quote + storage + egress + cpu + network fee] (1 + support) + setup + debug}
 *               / (performance x network x (1 - loss))
 *
 * all in USD of one GPU-hour. Each factor is a range or a number, and each is shown with what it
 * adds. A factor that nobody told is not 1 and not 0: it is a range of its own, it
 * widens the result and is named. docs/cost.md has the sources.
 */
#pragma once

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/quantity.h"
#include "market/money.h"

enum effective_factor {
	EFFECTIVE_STORAGE,     /* USD of a GB for a month */
	EFFECTIVE_EGRESS,      /* USD of a GB */
	EFFECTIVE_CPU,         /* USD of a GPU-hour: control plane and machines without GPUs */
	EFFECTIVE_NETWORK_FEE, /* USD of a GPU-hour: addresses, gateways */
	EFFECTIVE_SUPPORT,     /* share of all before it */
	EFFECTIVE_SETUP,       /* USD of one GPU, once: what is paid before it does work */
	EFFECTIVE_DEBUG,       /* USD a month for all GPUs: one's own engineers */
	EFFECTIVE_PERFORMANCE, /* of one GPU or node, against the reference */
	EFFECTIVE_NETWORK,     /* speed of the job on this network, against the reference */
	EFFECTIVE_LOSS,        /* share of the hours that does no work: 1 - goodput */
	EFFECTIVE_COUNT,
};

extern const char *const effective_factor_names[EFFECTIVE_COUNT]; /* "storage", "network-fee" … */

/* What is taken for a factor that nobody told, and where that comes from. */
struct effective_unknown {
	struct quantity range;
	const char *unit;
	double minimum, maximum; /* what may be given at all */
	const char *source;
};

extern const struct effective_unknown effective_unknowns[EFFECTIVE_COUNT];

/* Zeroed: not known. */
struct effective_value {
	bool known;
	struct quantity value;
	const char *source;   /* NULL: not said */
	const char *software; /* of a performance: what it was measured with */
};

struct effective_offer {
	const char *name;
	struct quantity quote; /* USD of one GPU-hour; a forecast may be a range */
	struct money price;    /* as asked, for one GPU-hour */
	date_t observed;       /* DATE_NONE: not said */
	const char *source;    /* of the quote; NULL: not said */
	struct effective_value factors[EFFECTIVE_COUNT];
};

/* What the buyer needs, the same for all offers. */
struct effective_need {
	double gpus, months;
	double month_hours;         /* 720 or 730 */
	struct quantity storage_gb; /* of one GPU */
	struct quantity egress_gb;  /* of one GPU, a month */
};

struct effective_draws {
	uint64_t seed;
	uint32_t
		count; /* 0: the interval is from all factors at their best to all at their worst */
};

/* What a factor adds, in the order of enum effective_factor. */
struct effective_step {
	bool known;
	struct quantity factor;
	struct quantity adds; /* USD of a GPU-hour at the values; low and high hold 80 % */
	double total;         /* after it */
};

struct effective_price {
	const struct effective_offer *offer;
	struct quantity usd; /* of one effective GPU-hour; low and high hold 80 % of the draws */
	struct effective_step steps[EFFECTIVE_COUNT];
	uint32_t unknown; /* bit n: factor n is not known */
	double *draws;    /* of usd, draw by draw, in the arena; NULL without draws */
};

/* Never fails: what is not known is a range. An offer's draws hang on the seed and its name alone,
 * those of the need on the seed alone. */
void effective_price(const struct effective_offer *offer, const struct effective_need *need,
		     const struct effective_draws *draws, struct arena *arena,
		     struct effective_price *ret_price);

/* How two offers compare. */
struct effective_pair {
	const struct effective_price *offer, *other;
	struct quantity ratio; /* effective price of the offer, of that of the other */
	/* The quote of `offer` at which both cost the same, as a share of the other's quote: what
	 * may be paid at most. Zero when the offer is not worth it as a gift. */
	struct quantity pay_at_most;
	double cheaper; /* share of the draws in which the offer is; NAN without draws */
};

/* Both prices are of the same need and draws. */
void effective_compare(const struct effective_price *offer, const struct effective_price *other,
		       const struct effective_need *need, const struct effective_draws *draws,
		       struct effective_pair *ret_pair);

/* ---- the file, effective_read.c ---- */

enum {
	EFFECTIVE_OFFERS_MAXIMUM = 32,
	EFFECTIVE_RATES_MAXIMUM = 32,
};

#define EFFECTIVE_SCHEMA "assay/effective/v1"

struct effective_offers {
	const char *title;
	const char *note; /* NULL when there is none */
	struct effective_need need;
	struct effective_offer *offers;
	unsigned count;
};

/* A document with schema, title, need, offers, and maybe note and rates: docs/cost.md has the
 * form. A price in another currency needs a dated rate in the file. A performance needs the
 * software it was measured with. `unknown` says that a factor is not known, `included` that it
 * costs nothing beside the price. */
bool effective_read(struct span text, const char *file, struct arena *arena,
		    struct effective_offers *ret_offers, struct error *err);
