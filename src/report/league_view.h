/*
 * The league table as a visitor wants it: only some providers, in another order, or with weights of
 * his own. A view never changes a grade; what comes of other weights is a score that is his, and
 * every page says so.
 */
#pragma once

#include "rating/price.h"
#include "rating/rating.h"
#include "report/report.h"

enum league_order {
	LEAGUE_BY_RANK,
	LEAGUE_BY_SCORE, /* by the visitor's weights when he gave any */
	LEAGUE_BY_NAME,
	LEAGUE_BY_KNOWN, /* share of the weight that is settled */
	LEAGUE_BY_PRICE, /* the least for the GPU and rental that are asked for */
	LEAGUE_ORDER_COUNT,
};

extern const char *const league_order_names[LEAGUE_ORDER_COUNT]; /* "rank", "score" … */

enum {
	LEAGUE_WEIGHT_MAXIMUM = 100,
};

struct league_view {
	enum league_order order;
	int32_t profile;      /* of the standard; -1: the one that the server rates by */
	const char *gpu;      /* "h100-sxm": providers known to have it; NULL: all */
	const char *region;   /* NULL: all */
	const char *rental;   /* "on-demand", "spot", "contract-12"; NULL: "on-demand" */
	double price_maximum; /* USD for one GPU and hour; NAN: any, and no price too */
	/* One for each category of the standard, 0 to LEAGUE_WEIGHT_MAXIMUM; the standard's own
	 * unless `is_weighed`. */
	uint16_t weights[CATEGORIES_MAXIMUM];
	bool is_weighed;
	const char *complaint;   /* what was asked and cannot be, for the page; NULL */
	const char *price_asked; /* as it was typed, for the form; NULL */
};

struct league_row {
	const struct explanation *explanation;
	double overall;                    /* 0 to 1, by the view's weights */
	uint32_t place;                    /* 1 is first by `overall`; 0: not rated */
	const struct offered_price *price; /* the least that fits the view; NULL without */
};

struct league_rows {
	const struct league_row *items;
	uint32_t count;
	/* What there is to choose from: each once, in order. */
	const char *const *gpus, *const *regions, *const *rentals;
	uint32_t gpu_count, region_count, rental_count;
};

/* Everything, by rank, with the standard's weights. */
void league_view_init(const struct standard *standard, struct league_view *ret_view);

/* `explanations` are one for each provider of the rating. */
void league_rows_of(const struct rating *rating, const struct explanation *explanations,
		    const struct league_view *view, struct arena *arena,
		    struct league_rows *ret_rows);

/* The query that gives the view again: "order=score&gpu=h100-sxm&w.security=30"; "" for the view
 * as league_view_init leaves it. */
void league_view_write(const struct standard *standard, const struct league_view *view,
		       struct text *into);

/* One field of such a query. An unknown name or a value that cannot be is refused with what it may
 * be. Texts are kept as they are: they must outlive the view. */
bool league_view_set(const struct standard *standard, const char *name, const char *value,
		     struct league_view *view, struct error *err);
