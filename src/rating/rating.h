/*
 * The rating: a pure function of standard, evidence, day and seed. docs/rating.md is the rule.
 * Nothing here reads a clock, a file or the environment.
 */
#pragma once

#include "check/handbook.h"
#include "evidence/set.h"
#include "standard/standard.h"

enum state {
	STATE_UNSETTLED, /* nothing known, or nothing strong enough */
	STATE_STALE,     /* only evidence past its expiry: counts as unsettled */
	STATE_WITHHELD,  /* asked and not shown: counts as the worst answer */
	STATE_CONFLICT,  /* equally strong evidence differs: the lowest is the point */
	STATE_SETTLED,
	STATE_NOT_APPLICABLE, /* leaves the sums, with a reason */
	STATE_OUT_OF_PROFILE, /* leaves the sums */
	STATE_COUNT,
};

extern const char *const state_names[STATE_COUNT];

struct settlement {
	const struct record *const *records; /* that decide; stale ones for STATE_STALE */
	const char *reason; /* of a check's finding, of not_applicable or withheld; else NULL */
	const char *check;  /* name of the check that settled it; NULL when records did */
	uint32_t record_count;
	date_t observed;        /* newest of what settled it; DATE_NONE when unsettled */
	enum strength strength; /* of what settled it */
	enum state state;
	uint16_t point; /* two-hundredths: what the score uses; the presumption when unsettled */
	uint16_t low, high;
};

enum gate_state {
	GATE_PASSED,
	GATE_OPEN,   /* unsettled, and silence leaves it open */
	GATE_FAILED, /* settled below, in conflict below, or withheld */
	GATE_SILENT, /* unsettled, and silence caps */
	GATE_AWAY,   /* criterion not applicable or out of profile */
	GATE_STATE_COUNT,
};

extern const char *const gate_state_names[GATE_STATE_COUNT];

struct category_score {
	bool applies;
	double point, low, high; /* 0 to 1 */
	double coverage;         /* share of the category's weight that is settled */
	uint32_t weight_sum;     /* of the criteria that apply */
};

/* One unit (provider, product, region, GPU), or a provider folded from its units. */
struct unit {
	const char *name; /* "google/a3-mega" */
	struct subject subject;
	const struct record *const *records; /* all that concern it, announced ones too, by id */
	uint32_t record_count;
	struct settlement *settlements; /* one for each criterion of the standard */
	struct category_score categories[CATEGORIES_MAXIMUM];
	double overall, low, high; /* 0 to 1 */
	double coverage;
	double quality_coverage; /* without the categories that stand beside: what being rated needs
				  */
	/* Share of weight that is known: settled, withheld, or presumed like a headline that is. */
	double depth;
	double strength_share[STRENGTH_COUNT]; /* weight settled by evidence at least that strong */
	enum gate_state gates[GATES_MAXIMUM];
	bool rated;                      /* false: too little is known for any grade */
	enum grade uncapped;             /* by thresholds alone */
	enum grade grade;                /* lowered by the gates that failed or are silent */
	double probability[GRADE_COUNT]; /* from the draws; all 0 without draws or when not rated */
	double score_p10, score_p90;     /* of the overall score over the draws, 0 to 1 */
};

struct provider {
	const char *name;
	struct unit *units; /* inside rating->units, adjacent */
	uint32_t unit_count;
	uint32_t chosen; /* the unit whose grade stands for the provider */
	bool majority;   /* chosen because most customers use it */
	const char *chosen_why;
	double probability[GRADE_COUNT];
	uint32_t rank, rank_low, rank_high; /* 1 is best; 10 % to 90 % of the draws; 0: not rated */
	double gpu_volume;                  /* known GPUs operated, 0 when unknown */
};

struct listed_prices;

struct rating_request {
	const struct standard *standard;
	const struct evidence_set *evidence;
	const struct listed_prices *listed; /* rating/price.h; NULL: those of the evidence alone */
	const struct handbook *handbook;    /* for checks of nodes; NULL: their bars are unknown */
	date_t as_of;
	int32_t profile; /* index, -1: criteria of all profiles */
	uint64_t seed;
	uint32_t draws; /* 0: no Monte Carlo */
	unsigned threads;
	/* Outlook: announced records due by this day count as if they had come true, with those
	 * without a day too when `undated` is set. DATE_NONE: none does. */
	date_t arrived_by;
	bool undated;
	const char *only; /* rate this provider alone; NULL for all. Ranks are then 1 */
};

struct rating {
	struct rating_request request;
	struct unit *units; /* by provider, then by name */
	uint32_t unit_count;
	struct provider *providers; /* by rank, unrated last, then by name */
	uint32_t provider_count;
	double market_coverage; /* share of known GPU volume that is rated; < 0 when none is known
				 */
	uint8_t hash[RECORD_HASH_BYTES]; /* of standard hash, evidence hash and the request */
};

/* Rates. Records that the standard does not accept must have been refused before. */
void rating_run(const struct rating_request *request, struct arena *arena,
		struct rating *ret_rating);

const struct provider *rating_find(const struct rating *rating, const char *provider);
const struct unit *rating_find_unit(const struct rating *rating, const char *name);

/* The unit that stands for the provider. */
const struct unit *provider_unit(const struct provider *provider);
enum grade provider_grade(const struct provider *provider);

/* The overall score (0 to 1) that the grade demands at this depth. */
double grade_overall(const struct grade_bar *bar, double depth);

/* The grade by thresholds alone of a unit whose scores are set: step 3 of the rule. */
enum grade grade_by_thresholds(const struct standard *standard, const struct unit *unit);

/* Points of the overall score (0 to 100) that one more two-hundredth of this criterion is worth
 * in this unit; 0 when it does not apply. */
double criterion_leverage(const struct standard *standard, const struct unit *unit,
			  uint32_t criterion);

/* ---- why a grade is what it is, rating/explain.c ---- */

enum shortfall_kind {
	SHORT_OVERALL,
	SHORT_CATEGORY,
	SHORT_COVERAGE,
	SHORT_STRENGTH,
	SHORT_GATE,
};

/* One thing that keeps a unit from a grade. */
struct shortfall {
	enum shortfall_kind kind;
	uint32_t index;    /* category or gate */
	double has, needs; /* 0 to 1; for a gate the worth */
};

/* What keeps `unit` from `grade`, the largest gap first, gates before all. */
void shortfalls_to(const struct standard *standard, const struct unit *unit, enum grade grade,
		   struct arena *arena, struct shortfall **ret_items, uint32_t *ret_count);

/* One step of a path: settle or improve this criterion to its best answer. */
struct step {
	uint32_t criterion;
	uint8_t effort;
	double gain; /* points of the overall score, 0 to 100 */
	bool shows;  /* true: it may be so already and only evidence is missing */
};

struct path {
	enum grade target;
	bool reachable;
	bool exact; /* the effort is the least possible (docs/rating.md) */
	struct step *steps;
	uint32_t step_count, effort;
};

/* The cheapest set of changes that reaches `target`. */
void path_to(const struct standard *standard, const struct unit *unit, enum grade target,
	     struct arena *arena, struct path *ret_path);

/* ---- outlook and trend, rating/outlook.c ---- */

struct dated_grade {
	date_t date; /* DATE_NONE: once everything announced without a day has come */
	bool rated;
	enum grade grade;
	double overall;
	uint32_t announced; /* how many announced records count in it */
};

/* One entry for each day on which something announced is due, then one for the undated. The
 * evidence of today is not aged: the question is what the announcements change. */
void outlook_of(const struct rating *rating, const char *provider, struct arena *arena,
		struct dated_grade **ret_items, uint32_t *ret_count);

/* Grades on each day on which evidence about the provider was observed, up to as_of. */
void trend_of(const struct rating *rating, const char *provider, struct arena *arena,
	      struct dated_grade **ret_items, uint32_t *ret_count);

/* ---- agreement with a published list of grades, rating/agreement.c ---- */

struct reference_grade {
	const char *provider;
	enum grade grade;
};

struct reference {
	const char *edition, *source;
	date_t published;
	struct reference_grade *grades; /* sorted by provider */
	uint32_t count;
};

/* Reads schema assay/reference/v1. */
bool reference_load(struct span text, const char *file, struct arena *arena,
		    struct reference *ret_reference, struct error *err);

struct agreement {
	uint32_t compared, exact, within_one;
	uint32_t confusion[GRADE_COUNT][GRADE_COUNT]; /* [reference][assay] */
	uint32_t missing;                             /* in the reference and not rated here */
	double kendall; /* tau-b of the two grades; NaN when one has no spread */
};

void agreement_of(const struct rating *rating, const struct reference *reference,
		  struct agreement *ret_agreement);

/* ---- what most providers miss, rating/gaps.c ---- */

struct gap {
	uint32_t criterion;
	uint32_t lacking, unknown, good; /* providers: settled below half, unsettled, the rest */
};

/* All criteria, those that the most providers are known to lack first, weightier first. */
void gaps_of(const struct rating *rating, struct arena *arena, struct gap **ret_gaps,
	     uint32_t *ret_count);
