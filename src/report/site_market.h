/*
 * What the market page of the site shows besides the prices in the evidence: each part where the
 * command was given what it rests on.
 */
#pragma once

#include "report/advice.h"
#include "report/chart_price.h"
#include "report/cost.h"
#include "report/market_trend.h"

enum {
	SITE_TRENDS_MAXIMUM = 12, /* keys that are drawn; the ones with the most values */
};

enum {
	SITE_VALUES_SHOWN = 26, /* the newest of a key, in the table behind its curve */
};

struct site_market {
	const struct trend_report *trend;         /* NULL: no quotes were given */
	const struct effective_report *effective; /* NULL: no offers to correct were given */
	const struct advice *advice;              /* NULL: no need was given */
};

struct site_page;

/* "h100/80gb/sxm/on-demand/all-tiers" */
const char *site_key_name(const struct trend_report *report, const struct key *key,
			  struct arena *arena);

/* What the trend is of, with the band of the level's interval around it. */
struct price_point *site_trend_points(const struct trend_key *key, struct arena *arena,
				      size_t *ret_count);

/* The table behind a key's curve; where a server answers, each point leads to its quotes. */
void site_values(const struct site_page *page, const struct trend_key *key, const char *name);
