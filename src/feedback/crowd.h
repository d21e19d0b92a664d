/*
 * Those who answered, person by person, and the patterns that are looked for among them. A person
 * is a tenant of one provider with all that he has said about it.
 */
#pragma once

#include "feedback/rule.h"

/* Voices of one class are thinned together, rule.h. */
enum voice_class {
	CLASS_UNPROVEN,
	CLASS_CODE,
	CLASS_INDEPENDENT, /* proven by what the provider does not give out */
};

struct person {
	const struct submission **said; /* by time, then id */
	uint32_t count;
	const struct given_answer **sheet; /* his newest answer to each question, by criterion */
	uint32_t sheet_count;
	int64_t since; /* his first word */
	double base;   /* weight of the best of his proofs */
	enum voice_class class;
	uint32_t hand; /* the person that stands for all of one hand: itself, or another */
	double left;   /* of his weight, above 0 to 1 */
	const char *reasons[SUSPICION_COUNT]; /* NULL where nothing is suspected */
};

struct crowd {
	const struct standard *standard;
	struct person *people; /* by provider, then tenant */
	uint32_t count;
	struct arena *arena;
};

/* The first of the people behind `first` who is of another provider. */
uint32_t crowd_end(const struct crowd *crowd, uint32_t first);

const char *person_provider(const struct person *person);
const char *person_tenant(const struct person *person);

/* Makes the two of one hand. */
void crowd_join(struct crowd *crowd, uint32_t a, uint32_t b);

/* Who stands for the hand of this person. */
uint32_t crowd_hand(struct crowd *crowd, uint32_t person);

/* The people of those submissions that were taken in by the day. */
void crowd_of(const struct standard *standard, const struct submission *submissions, uint32_t count,
	      date_t day, struct arena *arena, struct crowd *ret_crowd);

enum voice_class class_of(const struct submission *submission);

/* Each looks for its patterns, gives reasons, joins hands. */
void suspect_copies(struct crowd *crowd);  /* remarks */
void suspect_sheets(struct crowd *crowd);  /* whole answer sheets */
void suspect_origins(struct crowd *crowd); /* many of one origin, one proof of many */
void suspect_bursts(struct crowd *crowd);
void suspect_rivals(struct crowd *crowd); /* by what an origin says of several providers */
void suspect_declared(struct crowd *crowd);

/* What the reasons leave of each person's weight. */
void crowd_weigh(struct crowd *crowd);

/* As opinions_of, without looking for patterns: what flags are measured against. */
void opinions_unsuspecting(const struct standard *standard, const struct submission *submissions,
			   uint32_t count, date_t day, struct arena *arena,
			   struct opinions *ret_opinions);
