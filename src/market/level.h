/*
 * The robust level: what an hour costs when every provider has one vote. docs/index-method.md,
 * section 3; by hand in test/market_index.py.
 */
#pragma once

#include "market/eligible.h"
#include "market/median.h"

/* One provider, one vote may weigh a quarter at most, so that no provider decides alone: ours. */
#define LEVEL_WEIGHT_CAP 0.25

/* A provider lies too far when the logarithm of its price is further from the middle than 3 robust
 * standard deviations, of which the least is 2 %. */
#define LEVEL_OUTLIER_SIGMAS 3.0
#define LEVEL_SIGMA_OF_MAD 1.4826
#define LEVEL_MAD_LEAST 0.02

enum {
	LEVEL_DROPPED_PERCENT = 20, /* of the providers at most */
	LEVEL_PROVIDERS_WANTED = 4, /* fewer cannot hold the cap */
};

struct vote {
	name_t provider;
	uint8_t tier;
	bool dropped; /* too far from the others */
	double usd, weight;
	uint32_t quotes, machines, hosts, offers; /* offers: product and region */
	uint64_t rows; /* listings: of a quote that sums up several, as many */
};

/* What one offer, a product in a region, costs: what change is measured on. */
struct priced_offer {
	uint32_t place; /* of its first quote in the selection: the same on every day */
	uint32_t rank;  /* of its provider there, by name */
	name_t provider, product, region;
	double usd;
	double gpus;       /* of the quotes, the middle one */
	double gbit_per_s; /* of the back-end network for one GPU; 0 not known */
	uint8_t tier;
};

struct votes {
	struct vote *items; /* by name of the provider */
	size_t count, dropped;
	struct priced_offer *offers; /* by provider, product, region; only if asked for */
	size_t offer_count;
	uint32_t quotes, machines, hosts;
	uint64_t rows;
	double concentration; /* Herfindahl's index of the providers' shares of rows, 0 to 1 */
};

/* Median of each machine's quotes, of each host's machines, of each offer's hosts, of each
 * provider's offers. A quote without a machine is one of its own, a machine without a host
 * likewise. */
void votes_make(const struct eligible *eligible, bool with_offers, unsigned threads,
		struct arena *arena, struct votes *ret_votes);

/* Marks the providers that are too far, weighs the others, and returns the weighted median; NAN
 * when there is none. */
double level_of(struct votes *votes);

/* The median of all quotes as they are listed, one that sums up n counting n times: what a flood of
 * rows moves. For comparison only. */
double level_raw(const struct eligible *eligible, struct arena *scratch);

/* What the method's value might as well have been, had other providers of the same kind been
 * quoted: providers drawn with replacement, the level of each draw. */
struct interval {
	double low, high; /* 5th and 95th percentile; NAN with fewer than 2 providers or no draws */
	uint32_t draws;
};

#define INTERVAL_LOW 0.05
#define INTERVAL_HIGH 0.95

void level_interval(const struct votes *votes, uint32_t draws, uint64_t seed, unsigned threads,
		    struct interval *ret_interval);
