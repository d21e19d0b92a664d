/*
 * Values of the price index, and where they are heading.
 */
#pragma once

#include "market/index.h"
#include "report/report.h"

/* The change of one key's price, as an index. */
struct index_chain {
	struct key key;
	const struct chained *points;
	size_t count;
};

struct index_report {
	const struct book *book;
	const struct index_request *request;
	const char *scope;                /* of --provider, --product and --region; "" for all */
	const struct index_value *values; /* by key, then by day */
	size_t value_count;
	const struct index_chain *chains; /* of a method of change, instead of values */
	size_t chain_count;
};

/* JSON is assay/index/v1. */
void index_write(const struct index_report *report, enum report_format format,
		 const struct report_style *style, struct text *into);

void index_json(const struct index_report *report, struct text *into);
