/*
 * Offers of an invented market and a need, for tests of the guide: nothing is read from a file.
 */
#pragma once

#include "advise/advice.h"

enum {
	DEALS_MAXIMUM = 64,
	DEALS_TODAY = 20000, /* a day */
};

struct deals {
	struct arena arena;
	struct gpu_row gpus[3]; /* h100, h200, a100 */
	struct catalogue catalogue;
	struct parameters assumptions;
	struct need need;
	struct offer offers[DEALS_MAXIMUM];
	size_t count;
};

/* A need of 64 h100 for 500 hours, checkpointed, and no offers. */
void deals_init(struct deals *deals);
void deals_release(struct deals *deals);

/* Adds an offer of 8 h100 on demand at 2.5 USD, of today, 400 Gb/s for a GPU, in stock, all known;
 * the caller changes it. */
struct offer *deals_add(struct deals *deals, const char *provider);

/* Adds `count` offers that follow from the seed: of all rental models, prices, networks, ages. */
void deals_invent(struct deals *deals, uint32_t seed, size_t count);

void deals_price(struct offer *offer, double usd);

/* Sets a field of the need; a field that does not exist fails the test. */
void deals_need(struct deals *deals, const char *field, const char *value);

/* The advice, without a rating. */
void deals_advise(struct deals *deals, struct advice *ret_advice);

/* The expected cost of the best that fits; INFINITY when none does. */
double deals_best(struct deals *deals);

/* Place in the ranking, from 1, of the offer of this provider; 0: it does not fit. */
size_t deals_rank(const struct advice *advice, const char *provider);

/* Fails the test when the two differ by more. */
void close_to(double value, double expected, double within);
