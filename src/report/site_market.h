/*
 * What the market page of the site shows besides the prices in the evidence: each part where the
 * command was given what it rests on.
 */
#pragma once

#include "report/advice.h"
#include "report/cost.h"
#include "report/market_trend.h"

enum {
	SITE_TRENDS_MAXIMUM = 12, /* keys that are drawn; the ones with the most values */
};

struct site_market {
	const struct trend_report *trend;         /* NULL: no quotes were given */
	const struct effective_report *effective; /* NULL: no offers to correct were given */
	const struct advice *advice;              /* NULL: no need was given */
};
