/*
 * Where prices are heading, and what another generation makes of them.
 */
#pragma once

#include "market/generation.h"
#include "market/index.h"
#include "market/trend.h"
#include "report/report.h"

/* A key against one of another GPU of the same rental model, term and tier. */
struct trend_rival {
	struct key key;
	double usd; /* its newest level */
	date_t day;
	const struct generation_price *prices;
	size_t count;
};

struct trend_key {
	struct key key;
	const struct index_value *values; /* with a value of their own day, ascending */
	const double *usd; /* of each value what the trend is of: NAN before a step that
			    * no offer spans */
	size_t value_count, passed_over; /* steps without one */
	struct trend trend;
	const struct trend_rival *rivals;
	size_t rival_count;
};

struct trend_report {
	const struct book *book;
	const struct index_request *request;
	unsigned step_days;
	bool matched;      /* the trend is of what the same offers cost, not of the level */
	const char *scope; /* "" for all */
	const struct trend_key *keys;
	size_t count;
};

/* JSON is assay/trend/v1. */
void trend_write(const struct trend_report *report, enum report_format format,
		 const struct report_style *style, struct text *into);

void trend_json(const struct trend_report *report, struct text *into);
