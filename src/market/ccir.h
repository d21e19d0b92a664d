/*
 * The method of the CCIR's index CRI-H100, as its audits show it: a second estimator beside our
 * own. "CCIR Methodology" 1.1.0 and 1.1.1, ccir.io, March 2026; docs/index-method.md, section 5.
 */
#pragma once

#include "market/eligible.h"

enum {
	CCIR_WINDOW_DAYS = 7,
	CCIR_DAYS_WANTED = 3,   /* with fewer valid ones the value is of low confidence */
	CCIR_TRIM_PERCENT = 10, /* at each end, for the mean that outliers are told by */
	CCIR_FILTERED_FROM = 4, /* quotes of a day; with fewer none is an outlier */
};

#define CCIR_SIGMAS 2.5

struct ccir_rule {
	const char *name;       /* "ccir-1.1.0" */
	unsigned least_per_day; /* quotes; a day with fewer does not count */
};

extern const struct ccir_rule ccir_rules[];

/* NULL when it is none. */
const struct ccir_rule *ccir_rule_find(const char *name);

struct ccir_day {
	date_t day;
	uint32_t raw, removed, used; /* quotes; used is 0 on a day that does not count */
	double median, mean;         /* of those used; NAN without */
};

struct ccir {
	struct ccir_day days[CCIR_WINDOW_DAYS];
	uint32_t observations, valid_days;
	double value; /* NAN without a valid day */
	double least, most, mean, deviation;
};

/* Quotes of the seven days that end with `day`, each day on its own, then the median of all that
 * are left. A quote counts on the day it was observed, whatever its source has said since. The
 * verdicts get REFUSAL_THIN_DAY and REFUSAL_OUTLIER. */
void ccir_judge(const struct selection *selection, date_t day, const struct ccir_rule *rule,
		struct arena *arena, struct eligible *ret_eligible, struct ccir *ret_ccir);
