/* What a host hears of the network around it, for people and as a document. */
#pragma once

#include "fabric/neighbours.h"
#include "report/report.h"

struct neighbours_report {
	const char *host;
	int64_t time;
	unsigned listened_s;
	const struct neighbours *links;
	uint32_t heard, broken;
	const char *broken_why;         /* NULL: none */
	const struct cloud_host *place; /* NULL: not known */
	const char *place_source;
	const char *place_why; /* why it is not known; NULL: not asked */
};

/* FORMAT_TABLE for people. FORMAT_JSON is assay/neighbours/v1 (data/schema/neighbours.v1.json),
 * which neighbours_read reads. */
void neighbours_write(const struct neighbours_report *report, enum report_format format,
		      const struct report_style *style, struct text *into);
