/* What an hour costs its owner and its renter, and what it is worth: docs/cost.md. */
#pragma once

#include "market/effective.h"
#include "model/ownership.h"
#include "model/rental.h"
#include "model/sensitivity.h"
#include "report/report.h"

/* What is shown of an owner's cost, computed once for all forms. */
struct ownership_report {
	const struct parameters *parameters; /* checked */
	uint64_t seed;
	uint32_t draws;
	double values[OWN_COUNT];
	struct ownership_cost cost;
	struct ownership_outlook outlook;
	struct quantity hour;              /* the full cost with its interval */
	struct ownership_cost air, liquid; /* the same server, all cooled by one of them */
	struct swing *swings;
	unsigned swing_count;
};

void ownership_report_make(const struct parameters *parameters, uint64_t seed, uint32_t draws,
			   struct arena *arena, struct ownership_report *ret_report);

/* assay/ownership/v1 */
void ownership_json(const struct ownership_report *report, struct text *into);

void ownership_write(const struct ownership_report *report, enum report_format format,
		     const struct report_style *style, struct text *into);

/* What is shown of rented clusters side by side. */
struct rental_report {
	const struct rental_offers *offers; /* checked */
	uint64_t seed;
	uint32_t draws;
	struct rental_cost costs[RENTAL_OFFERS_MAXIMUM];
	struct quantity hours[RENTAL_OFFERS_MAXIMUM]; /* costs of a paid hour */
};

void rental_report_make(const struct rental_offers *offers, uint64_t seed, uint32_t draws,
			struct rental_report *ret_report);

/* assay/rental-cost/v1 */
void rental_json(const struct rental_report *report, struct text *into);

void rental_write(const struct rental_report *report, enum report_format format,
		  const struct report_style *style, struct text *into);

/* What is shown of effective prices. */
struct effective_report {
	const struct effective_offers *offers;
	struct effective_draws draws;
	struct effective_price *prices; /* in the order of the offers */
	struct effective_pair *pairs;   /* each offer with each other one, by first, then second */
	unsigned pair_count;
};

void effective_report_make(const struct effective_offers *offers,
			   const struct effective_draws *draws, struct arena *arena,
			   struct effective_report *ret_report);

/* assay/effective-price/v1 */
void effective_json(const struct effective_report *report, struct text *into);

void effective_write(const struct effective_report *report, enum report_format format,
		     const struct report_style *style, struct text *into);
