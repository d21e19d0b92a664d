/*
 * Standards and evidence made up from a seed, as wild as the loader and the lint allow: the same
 * on every machine. For tests of what holds for all of them.
 */
#pragma once

#include "test/facts.h"

struct dice {
	uint32_t key, thrown;
};

struct dice dice_of(uint32_t seed);

/* 0 … sides − 1. */
uint32_t dice_below(struct dice *dice, uint32_t sides);
uint32_t dice_between(struct dice *dice, uint32_t least, uint32_t most);
bool dice_chance(struct dice *dice, uint32_t percent);

/* Three or four categories, 8 to 20 criteria: answers and measures, details, minimum strengths,
 * profiles, at most one that the check claim-consistent settles; up to five gates of both
 * silences; thresholds that fall with the grade. */
void invent_standard(struct dice *dice, struct arena *arena, struct standard *ret_standard);

/* One to six providers with up to three products, some cut further by region and GPU: answers
 * that agree, differ and follow each other, withheld ones, whole categories withheld, reasons why
 * a criterion does not concern, announcements, claims with and without a measurement, shares,
 * volumes and remarks; of all strengths, fresh, expired and of days to come. */
void invent_facts(struct dice *dice, const struct standard *standard, struct facts *facts);

/* One record about the criterion and the subject, as invent_facts makes them; it settles. */
struct record *invent_result(struct dice *dice, const struct criterion *criterion,
			     const char *subject, struct facts *facts);

/* Changes what the record says about the criterion: to something that is worth more, false when
 * there is nothing better; to the best; to the worst. */
bool result_improve(struct dice *dice, const struct criterion *criterion, struct record *record);
void result_best(const struct criterion *criterion, struct record *record);
void result_worst(const struct criterion *criterion, struct record *record);
