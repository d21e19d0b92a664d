/*
 * Change of price, measured on the same offers at two times, or with what tells offers apart held
 * fixed: composition does not move it. docs/index-method.md, section 4.
 */
#pragma once

#include "market/level.h"

/* What the same offers cost now, of what they cost before. */
struct change {
	double ratio; /* Jevons: geometric mean of the offers' ratios; NAN when none is in both */
	uint32_t matched; /* offers in both */
	uint32_t providers;
	uint32_t gone, new; /* offers of one time only */
};

/* Offers are matched by their place; both lists ascend by it. */
void change_between(const struct priced_offer *before, size_t before_count,
		    const struct priced_offer *after, size_t after_count,
		    struct change *ret_change);

/* The offers of one period. */
struct period {
	date_t day;
	const struct priced_offer *offers; /* ascending by place */
	size_t count;
};

struct chained {
	date_t day;
	double index; /* 100 in the first period that has offers; NAN without, or where the chain
		       * is broken */
	uint32_t offers, matched, providers;
};

/* Matched-model Jevons, chained from period to period. A period without offers is passed over; one
 * without a match breaks the chain. `ret_points` has room for all. */
void change_chain(const struct period *periods, size_t count, struct chained *ret_points);

/* What the level would have been at each period, had the offers of the next one been asked all
 * along: `last_usd` at the last period and backwards from there, by the mean of the logarithms of
 * the ratios of each provider's matched offers, one vote a provider. Providers that join or leave
 * do not move it. NAN before a step that no offer spans, and in periods without offers. */
void change_backwards(const struct period *periods, size_t count, double last_usd, double *ret_usd);

enum {
	HEDONIC_WINDOW = 13, /* periods: a quarter of weeks */
	HEDONIC_COLUMNS_MAXIMUM = 1024,
};

/* Time-dummy hedonic: ln price on provider, GPUs of the offer, network and time, by iteratively
 * reweighted least squares with Huber's weights, each provider with the same weight in a period; in
 * windows of HEDONIC_WINDOW periods, each linked to what is published by the mean splice, so that
 * no published value changes. Fails when there are more providers than HEDONIC_COLUMNS_MAXIMUM. */
bool change_hedonic(const struct period *periods, size_t count, struct chained *ret_points,
		    struct error *err);
