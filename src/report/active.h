/*
 * What active tests would do, and what they did, measured and found: for people and for programs.
 */
#pragma once

#include "active/active.h"
#include "report/checkup.h"

struct active_outcome {
	enum active_end end; /* ACTIVE_NOT_RUN of what never came to its turn */
	const char *reason;  /* of the end; NULL when nothing says so */
	double took_s;
	size_t first, count; /* its records among the sightings */
};

struct active_report {
	const struct active_request *request;
	const struct active_plan *plan;
	const struct active_outcome *outcomes; /* one a step; NULL: only the plan is told */
	const struct sightings *sightings;
	struct checkup_report found; /* its checkup is NULL with a plan alone */
};

/* The plan: each test with what it loads, how long, what it writes and the consent it needs; or how
 * each test ended and what it measured, and the findings as checkup_write_table has them. What was
 * measured of many alike is one line with the least, the middle and the most; with found.all one
 * line a record. */
void active_write_table(const struct active_report *report, const struct report_style *style,
			struct text *into);

/* assay/test/v1: data/schema/test.v1.json. */
void active_write_json(const struct active_report *report, struct text *into);
