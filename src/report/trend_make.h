/*
 * The trend of each key of a book: its level step by step, with what the same offers cost, and
 * where it is heading.
 */
#pragma once

#include "report/market_trend.h"

enum {
	TREND_STEP_DAYS = 7,
};

struct trend_wish {
	const struct book *book; /* arranged */
	const struct key_filter *filter;
	const struct index_request *request; /* lives as long as the report */
	date_t last;        /* day of the last step; DATE_NONE: of the newest quote of the key */
	unsigned step_days; /* 0: TREND_STEP_DAYS, and as much longer as a long history needs */
	bool matched;       /* the trend is of what the same offers cost */
};

/* Fails when a step that was given makes more points than a trend may have. */
bool trend_make(const struct trend_wish *wish, struct arena *arena, struct trend_report *ret_report,
		struct error *err);
