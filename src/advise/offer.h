/*
 * Offers of a day: the quotes of one provider, product, region, GPU, rental model and term, put
 * together. The newest day of such a group is its price, the days before it tell how far it moves.
 */
#pragma once

#include "base/arena.h"
#include "market/quote.h"
#include "model/parameter.h"

/* Machines of a market place that can be taken at one price. */
struct listing {
	double usd;  /* of one GPU-hour */
	double gpus; /* of the machine */
};

struct offer {
	const char *provider, *product, *region; /* "" where not said */
	const char *source;                      /* "" where not said */
	uint16_t gpu;                            /* row of the catalogue */
	unsigned memory_gb;                      /* 0 unknown */
	enum form form;
	enum rental rental;
	unsigned term_months; /* of a contract */
	enum tier tier;
	enum stock stock;
	uint32_t size;   /* GPUs of one machine of it */
	bool size_known; /* false: a price of one GPU, of machines of unknown size */
	uint32_t minimum_gpus;
	double gbit_per_s;   /* of the back-end network for one GPU; 0 unknown */
	struct quantity usd; /* of one GPU-hour: today's median, lowest and highest of late */
	double storage_usd;  /* of a GB for a month; NAN unknown */
	double egress_usd;   /* of a GB; NAN unknown */
	uint8_t includes, told;
	date_t observed;          /* newest day */
	struct listing *listings; /* by price; none: as many as one wants at `usd` */
	uint32_t listing_count;
	uint32_t quotes;   /* that it is made of */
	double before_usd; /* price on the oldest day of the window; NAN when there is one day */
	date_t before;
};

/* All offers of the book, by name: provider, product, region, then GPU, form, rental model, term.
 * The order of quotes does not matter. `window_days`: how far back prices make the range. */
void offers_make(const struct book *book, unsigned window_days, struct arena *arena,
		 struct offer **ret_offers, size_t *ret_count);

/* GPUs that have to be paid when `gpus` are needed: whole machines, and the minimum. */
double offer_paid_gpus(const struct offer *offer, double gpus);

/* The price of one GPU-hour when `gpus` of it are taken, cheapest machines first, as a range; false
 * when there are not so many. */
bool offer_price(const struct offer *offer, double gpus, struct quantity *ret_usd);

/* "lambda gpu_8x_h100_sxm5 us-east-1, h100 sxm, on-demand", "… contract 12 months". */
const char *offer_name(const struct offer *offer, struct arena *arena);
