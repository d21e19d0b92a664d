/*
 * What a cluster costs whoever rents it, in eight lines: GPU, storage, network, control plane,
 * support, goodput, set-up and debugging. After the published calculator of SemiAnalysis (2026),
 * whose default page it reproduces to the dollar: data/example/rental-default.yaml.
 */
#pragma once

#include "model/parameter.h"

enum rental_parameter {
	RENT_GPUS,
	RENT_PRICE,
	RENT_TERM,
	RENT_HOURS,
	RENT_HOT_TB,
	RENT_HOT_PRICE,
	RENT_COLD_TB,
	RENT_COLD_PRICE,
	RENT_EGRESS_TB,
	RENT_EGRESS_PRICE,
	RENT_CONTROL,
	RENT_ORCHESTRATION,
	RENT_SUPPORT,
	RENT_LOSS,
	RENT_SETUP_DAYS,
	RENT_SETUP_ENGINEERS,
	RENT_DEBUG_ENGINEERS,
	RENT_ENGINEER,
	RENT_COUNT,
};

extern const struct parameter_table rental_table; /* "rental", RENT_COUNT rows */

enum rental_line {
	RENT_LINE_GPU,
	RENT_LINE_STORAGE,
	RENT_LINE_NETWORK,
	RENT_LINE_CONTROL,
	RENT_LINE_SUPPORT, /* a share of the four before it */
	RENT_LINE_GOODPUT, /* the lost share of the GPU line */
	RENT_LINE_SETUP,   /* once, spread over the term */
	RENT_LINE_DEBUG,
	RENT_LINE_COUNT,
};

extern const char *const rental_line_names[RENT_LINE_COUNT];

struct rental_cost {
	double month[RENT_LINE_COUNT]; /* USD */
	double total_month, total_term;
	double setup_once;  /* USD */
	double gpu_hours;   /* that are paid, a month */
	double paid_hour;   /* all costs of a paid GPU-hour, lost work counted as an expense */
	double useful_hour; /* costs without the line of goodput, of a GPU-hour that does work:
			     * divided by 1 - loss */
};

/* Of values in the order of enum rental_parameter. */
void rental_cost(const double values[RENT_COUNT], struct rental_cost *ret_cost);

/* The cost of a paid hour: a figure_of for model/sensitivity.h. */
double rental_hour(const double *values);

/* Fails when a value is missing, or a set-up is longer than the term. */
bool rental_check(const struct parameters *parameters, struct error *err);

enum {
	RENTAL_OFFERS_MAXIMUM = 8,
};

#define RENTAL_SCHEMA "assay/rental/v1"

struct rental_offer {
	const char *name;
	struct parameters parameters;
};

/* Offers side by side; the first is what the others are compared with. */
struct rental_offers {
	const char *title;
	const char *source, *note; /* NULL when the file has none */
	struct rental_offer offers[RENTAL_OFFERS_MAXIMUM];
	unsigned count;
};

/* A document with schema, title, offers (name and parameters each) and maybe source, note and
 * shared: parameters of all offers, which an offer's own replace. All start from `base`; each is
 * complete and checked by the caller, who may set more first. Names are unique. */
bool rental_read(struct span text, const char *file, const struct parameters *base,
		 struct arena *arena, struct rental_offers *ret_offers, struct error *err);
