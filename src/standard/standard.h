/*
 * The published standard: what is asked, what each answer is worth, how much it weighs, how it is
 * settled, and what a grade demands. Read from data/standard/; docs/rating.md says how it is used.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/span.h"
#include "evidence/record.h"

enum {
	WORTH_ONE = 200, /* worths are whole two-hundredths: 0 to 200 */
	ANSWERS_MAXIMUM = 8,
	POINTS_MAXIMUM = 8,
	CATEGORIES_MAXIMUM = 16,
	PROFILES_MAXIMUM = 8,
	CRITERIA_MAXIMUM = 1024,
	CATEGORY_CRITERIA_MAXIMUM = 300, /* the draws' sums fit 32 bits */
	SPREAD_MAXIMUM = 250,            /* permille: drawn weights fit 16 bits */
	GATES_MAXIMUM = 32,
	WEIGHT_MAXIMUM = 100,
	EFFORT_MAXIMUM = 5,
};

enum grade {
	GRADE_UNDERPERFORM,
	GRADE_BRONZE,
	GRADE_SILVER,
	GRADE_GOLD,
	GRADE_PLATINUM,
	GRADE_COUNT,
};

extern const char *const grade_names[GRADE_COUNT];
bool grade_parse(struct span text, enum grade *ret_grade);

struct answer {
	const char *name, *means;
	uint16_t worth;
};

struct measure_point {
	double at;
	uint16_t worth;
};

enum settlement_way {
	SETTLED_BY_DOCUMENT,
	SETTLED_BY_ANSWER,
	SETTLED_BY_CHECK,
	SETTLED_BY_PRICE,
	SETTLED_BY_MEASUREMENT,
	SETTLED_BY_COUNT,
};

extern const char *const settlement_way_names[SETTLED_BY_COUNT];

struct settlement_source {
	enum settlement_way way;
	const char *name; /* of the check or the measurement; NULL for the others */
	const char *text; /* NULL for a check */
	bool faults_only; /* of a check: its failure settles, its pass does not */
};

struct criterion {
	const char *id, *title, *question, *why;
	uint16_t category; /* index into standard->categories */
	const struct settlement_source *ways;
	uint32_t way_count;
	const struct answer *answers; /* worst first; none when it is a measure */
	uint32_t answer_count;
	const char *unit; /* of a measure, else NULL */
	const struct measure_point *points;
	uint32_t point_count;
	uint16_t weight; /* 1 to 100 within its category */
	const char *reason;
	uint32_t expiry_days;
	enum strength strength;     /* weaker evidence does not settle it */
	uint32_t profiles;          /* bit i: applies in standard->profiles[i] */
	uint8_t effort;             /* 1 a setting … 5 new hardware or sites */
	int32_t parent;             /* index of its headline criterion, -1 without */
	const char *not_applicable; /* when it may not concern a subject; NULL: always concerns */
	const char *vendor;         /* advice to the makers of chips; NULL without */
	const char *file;
	uint32_t line;
};

struct category {
	const char *id, *title, *reason;
	uint16_t weight;
	/* Criteria are sorted by category, then as written. */
	uint32_t criteria_first, criteria_count;
	bool beside; /* what is known of it makes no rating: it is weighed beside quality */
};

struct profile {
	const char *id, *title;
};

struct strength_class {
	const char *title, *reason;
	uint16_t error_permille; /* how often such evidence is wrong */
};

struct grade_bar {
	const char *promise, *reason;
	uint16_t overall_from, overall_to; /* permille: while nothing is known, once all is */
	uint16_t category_permille[CATEGORIES_MAXIMUM]; /* 0 where nothing is demanded */
	uint16_t coverage_permille;
	enum strength strength;
	uint16_t strength_permille; /* share of weight settled by evidence at least that strong */
};

enum gate_silence {
	SILENCE_OPEN, /* unsettled leaves the gate open */
	SILENCE_CAPS, /* unsettled holds the cap: a requirement */
};

struct gate {
	const char *id, *title, *reason, *clears;
	uint32_t criterion;
	uint16_t below; /* fails when worth less than this, in two-hundredths */
	enum grade cap;
	enum gate_silence silence;
	uint16_t rate_permille; /* how often an open gate fails, for the Monte Carlo run */
};

struct standard {
	const char *name, *version;
	date_t date;
	uint16_t presumption; /* two-hundredths */
	uint16_t weight_spread_permille;
	struct strength_class strengths[STRENGTH_COUNT];
	struct profile profiles[PROFILES_MAXIMUM];
	uint32_t profile_count;
	struct category categories[CATEGORIES_MAXIMUM];
	uint32_t category_count;
	struct criterion *criteria;
	uint32_t criterion_count;
	uint32_t *by_id; /* indices of the criteria in the order of their ids */
	struct grade_bar bars[GRADE_COUNT];
	struct gate gates[GATES_MAXIMUM];
	uint32_t gate_count;
	uint8_t hash[RECORD_HASH_BYTES]; /* of its files: names and bytes, sorted by name */
};

struct standard_file {
	const char *name; /* shown in errors; its last part takes part in the hash */
	struct span text;
};

/* Reads the files of a standard: exactly one of schema assay/standard/v1, one of
 * assay/grades/v1, any number of assay/criteria/v1. Everything a rating relies on is checked
 * here (ranges, order of worths, thresholds that fall with the grade, known names). */
bool standard_load(const struct standard_file *files, size_t count, struct arena *arena,
		   struct standard *ret_standard, struct error *err);

/* Orders the criteria by id, which finding one needs; refuses an id that is there twice.
 * standard_load has done it; for a standard that is made otherwise. */
bool standard_index(struct standard *standard, struct arena *arena, struct error *err);

/* -1 when there is none of that name. */
int32_t standard_find_criterion(const struct standard *standard, struct span id);
int32_t standard_find_category(const struct standard *standard, struct span id);
int32_t standard_find_profile(const struct standard *standard, struct span id);

/* The criterion whose id is nearest to `id` by edit distance, for "did you mean". */
const struct criterion *standard_nearest(const struct standard *standard, struct span id);

/* Index of the gate on this criterion, -1 without. */
int32_t standard_gate_of(const struct standard *standard, uint32_t criterion);

/* Worth of what a record says about the criterion: an answer's worth or a value on the measure's
 * line, rounded to two-hundredths. False when the record does not fit the criterion. */
bool criterion_worth(const struct criterion *criterion, const struct record *record,
		     uint16_t *ret_worth);

/* True when the record fits the standard and the day: criterion, answer, unit, range, a reason
 * where one is needed, nothing from the future. `today` DATE_NONE skips the last. */
bool standard_accepts(const struct standard *standard, const struct record *record, date_t today,
		      struct error *err);

/* What a lint has to say: one line each. */
struct complaint {
	bool fatal; /* a fault, else a remark */
	const char *text;
};

struct complaints {
	struct complaint *items;
	size_t count, room, fatal_count;
};

/* Faults beyond what standard_load refuses (texts that say nothing, weights without a real
 * reason, criteria that no evidence of today can settle) and remarks (checks that this build does
 * not have, categories that only checks settle). `checks` are the names of existing checks. */
void standard_lint(const struct standard *standard, const char *const *checks, size_t check_count,
		   struct arena *arena, struct complaints *complaints);
