/*
 * The constants of the published rule, docs/feedback.md, which gives the reason of each. Nothing
 * here tells a good answer from a bad one.
 */
#pragma once

#include "feedback/feedback.h"

#define FEEDBACK_RULE "2" /* of the rule: a change of a constant is a new one */

/* Weight of a voice by its proof, in whole voices. */
#define WEIGHT_NONE 0.1
#define WEIGHT_UNSEEN 0.2 /* an invoice or a run that nobody has asked to be shown */
#define WEIGHT_INVOICE 0.5
#define WEIGHT_CODE 0.5
#define WEIGHT_RUN 1.0

/* All voices of a class on one question together weigh less than twice this: its first voices weigh
 * whole, later ones less and less. What costs nothing to make must not win by number. */
#define CLASS_WHOLE_UNPROVEN 0.25
#define CLASS_WHOLE_CODE 1.5

/* What a flag leaves of the weight. */
#define LEFT_BURST 0.5
#define LEFT_RIVAL 0.1
#define LEFT_INSIDER 0.1
#define LEFT_PAID 0.5

/* Voices of one hand: the best proven keeps its weight; the others together weigh at most this
 * share of it, and none more than this share of itself. */
#define FOLLOWERS_SHARE 0.25

/* What is presumed counts as much as so many whole voices. */
#define PRIOR_WEIGHT 2.0
/* A voice farther away than this from the mean pulls no stronger. */
#define PULL_WIDTH 0.5
/* So much weight says that voices differ as much as they can. */
#define SPREAD_PRIOR_WEIGHT 2.0
#define Z_90 1.6448536269514722

/* Settling. */
#define SETTLE_WEIGHT 2.5
#define COUNTS_FROM 0.5 /* what flags must leave for a proven voice to count */
enum {
	SETTLE_PROVEN = 5,
	SETTLE_INDEPENDENT = 2,
};

/* Patterns. */
#define COPY_SHARE 0.8   /* of the shorter text's phrases */
#define COPY_CHANCE 1e-4 /* of equal sheets */
#define BURST_TIMES 8.0  /* as many as are likely */
#define PRAISE_FROM 0.8  /* mean worth */
#define DAMN_UNTIL 0.2
enum {
	COPY_WORDS = 3,       /* a phrase */
	COPY_PHRASES = 8,     /* a shorter text tells nothing */
	COPY_ANSWERS = 8,     /* a shorter sheet tells nothing */
	COPY_DIFFERENCES = 1, /* in a sheet */
	BURST_SECONDS = 72 * 3600,
	BURST_VOICES = 6,
	BURST_HISTORY_DAYS = 90, /* that one without a history is given */
	SYBIL_TENANTS = 4,       /* of one origin */
	RIVAL_PROVIDERS = 3,
	RIVAL_ANSWERS = 3, /* about each */
};
