/*
 * Values of the price index: one for each key and day, with its method, what it was made of and how
 * far it can be trusted. docs/index-method.md.
 */
#pragma once

#include "market/ccir.h"
#include "market/change.h"

enum index_method {
	INDEX_LEVEL,
	INDEX_RAW,
	INDEX_CCIR_1_1_0,
	INDEX_CCIR_1_1_1,
	INDEX_JEVONS,  /* of change, not of level */
	INDEX_HEDONIC, /* likewise */
	INDEX_METHOD_COUNT,
};

struct index_method_row {
	const char *word;    /* of --method: "level" */
	const char *version; /* that values carry: "assay-level/1" */
	const char *title;   /* a clause */
};

extern const struct index_method_row index_methods[INDEX_METHOD_COUNT];

/* "ccir" is the newest of them. Fails with all that there are. */
bool index_method_find(const char *word, enum index_method *ret_method, struct error *err);

enum index_flag {
	INDEX_FEW_PROVIDERS = 1 << 0, /* fewer than LEVEL_PROVIDERS_WANTED */
	INDEX_WIDE = 1 << 1,       /* the interval's ends differ by more than half of the value */
	INDEX_STALE = 1 << 2,      /* more than half of the providers have no fresh quote */
	INDEX_FEW_DAYS = 1 << 3,   /* CCIR: fewer than CCIR_DAYS_WANTED valid days */
	INDEX_CARRIED = 1 << 4,    /* no quote counts: the value of an earlier day */
	INDEX_SUPPRESSED = 1 << 5, /* nor any within INDEX_CARRY_DAYS: there is no value */
	INDEX_FLAG_COUNT = 6,
};

extern const char *const index_flag_names[INDEX_FLAG_COUNT];   /* "few-providers" */
extern const char *const index_flag_reasons[INDEX_FLAG_COUNT]; /* a clause */

enum {
	INDEX_CARRY_DAYS = 7, /* that a value is carried at most */
	INDEX_CHANGE_DAYS = 7,
	INDEX_CHANGE_FAR_DAYS = 28,
};

/* How values are made. */
struct index_request {
	enum index_method method; /* of level: not INDEX_JEVONS or INDEX_HEDONIC */
	unsigned window_days;     /* 0: as the method says */
	uint32_t draws;
	uint64_t seed;
	unsigned threads;
	bool with_change; /* of a week and of four */
};

struct index_value {
	struct key key;
	enum index_method method;
	date_t day;
	unsigned window_days;
	double usd; /* NAN when suppressed */
	struct interval interval;
	struct votes votes;             /* of the day the value is of */
	struct ccir ccir;               /* of that method alone */
	uint64_t counts[REFUSAL_COUNT]; /* of quotes, by what became of them on `day` */
	uint32_t providers_seen, providers_stale;
	uint8_t input[32]; /* hash of the quotes that counted */
	unsigned flags;    /* enum index_flag */
	date_t value_day;  /* of the quotes: `day`, unless carried; DATE_NONE when suppressed */
	struct change week, month; /* matched offers against 7 and 28 days before */
};

/* Low confidence: any flag. */
void index_make(const struct selection *selection, const struct index_request *request, date_t day,
		struct arena *arena, struct index_value *ret_value);

/* Days at which values are wanted, ascending: `last` and every `step_days` before it, not before
 * `first`; step 0: `last` alone. */
void index_days(date_t first, date_t last, unsigned step_days, struct arena *arena,
		date_t **ret_days, size_t *ret_count);

/* The offers that stand on each of the days, for change_chain and change_hedonic. */
void index_periods(const struct selection *selection, const struct index_request *request,
		   const date_t *days, size_t count, struct arena *arena,
		   struct period **ret_periods);
