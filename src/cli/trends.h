/* The trend of every key that the options mean. */
#pragma once

#include "cli/quotes.h"
#include "report/market_trend.h"

/* Reads the quotes into `market` and finds where the level of each key is heading; with --against,
 * what the other GPU makes of it. What the report points to lives in the session's arena and in
 * `market`. */
bool load_trends(const struct session *session, const char *const *paths, size_t path_count,
		 struct market *market, struct trend_report *ret_report, struct error *err);
