/*
 * The steps of the rule, for the files of this room. docs/rating.md numbers them.
 */
#pragma once

#include "rating/rating.h"

/* What a record bears on, found once. */
enum topic {
	TOPIC_CRITERION,
	TOPIC_CATEGORY, /* "name.*", withheld */
	TOPIC_SHARE,
	TOPIC_VOLUME,
	TOPIC_PRICE, /* shown beside the grade: makes no unit */
	TOPIC_OTHER, /* claims, remarks */
};

struct filed {
	const struct record *record;
	enum topic topic;
	uint32_t index; /* criterion or category */
};

/* One provider's records, sorted by id. */
struct folder {
	const char *provider;
	const struct filed *filed;
	uint32_t count;
};

/* Sorts the evidence into folders by provider, by name; only those of request->only if set. */
void file_evidence(const struct rating_request *request, struct arena *arena,
		   struct folder **ret_folders, uint32_t *ret_count);

/* True when the record counts on the day at all: observed by then, and not announced or arrived
 * in the outlook that the request asks for. */
bool record_counts(const struct rating_request *request, const struct record *record);

/* Step 1: the units of one provider, by name; none when nothing counts. */
void make_units(const struct rating_request *request, const struct folder *folder,
		struct arena *arena, struct unit **ret_units, uint32_t *ret_count);

/* Step 2: fills unit->settlements. */
void settle_unit(const struct rating_request *request, const struct folder *folder,
		 struct arena *arena, struct unit *unit);

/* True for the two states that coverage counts. */
bool state_is_settled(enum state state);

/* True when the criterion takes part in the unit's sums. */
bool state_applies(enum state state);

/* Settled, withheld, or presumed like a headline that is one of the two. */
bool is_known(const struct standard *standard, const struct unit *unit, uint32_t criterion);

/* Steps 3 and 4: scores, coverage, gates, grades, from unit->settlements. */
void score_unit(const struct standard *standard, struct unit *unit);

/* Whether this settlement keeps the gate shut, and how. */
enum gate_state gate_state_of(const struct gate *gate, const struct settlement *settlement);

/* Step 5 without draws: which unit stands for each provider, and the ranks. */
void choose_units(const struct rating_request *request, const struct folder *folder,
		  struct provider *provider);
void rank_providers(struct rating *rating);

/* Order of units within a provider: rated, grade, overall, name; the worst first. */
int compare_units(const void *a, const void *b);

/* Step 6. */
void draw_rating(struct rating *rating);

/* The law of one criterion in the draws: a value that steps with the 16 random bits. */
struct law {
	int16_t start;
	uint16_t step_count;
	uint16_t *at;   /* from these bits on … */
	int16_t *delta; /* … the value is this much more */
};

void law_of(const struct standard *standard, uint32_t criterion,
	    const struct settlement *settlement, struct arena *arena, struct law *ret_law);
