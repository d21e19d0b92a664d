/*
 * For tests of feedback: a standard that asks customers a dozen questions, and customers who
 * answer.
 */
#pragma once

#include "feedback/feedback.h"

enum {
	CUSTOMERS_DAY = 20400, /* 2025-11-08, the day on which opinions are asked for */
	CUSTOMERS_MAXIMUM = 4096,
	/* Criteria. Ten with the answers none 0, some 0.4, good 0.8, full 1 … */
	QUESTION_FIRST = 0,
	QUESTION_COUNT = 10,
	QUESTION_START = 10,  /* a measure in s: 1 at 10, 0 at 60; answers come second */
	QUESTION_SPARES = 11, /* no 0, yes 1; may not apply; answers come second */
	QUESTION_AUDIT = 12,  /* settled by a document alone */
	CUSTOMERS_CRITERIA,
};

/* Presumption 0.25; every answer expires after 365 days. */
struct standard customers_standard(struct arena *arena);

struct customers {
	struct arena arena;
	struct standard standard;
	struct submission *items; /* room for CUSTOMERS_MAXIMUM: addresses stay */
	uint32_t count;
	struct opinions opinions;
};

void customers_open(struct customers *into);
void customers_release(struct customers *customers);

#define SCOPED_CUSTOMERS(name)                                                     \
	struct customers name __attribute__((cleanup(customers_release))) = { 0 }; \
	customers_open(&(name))

/* Adds a customer of that provider with a tenant, an origin and a proof of its own: a signed run,
 * checked. He came ten days after the one before him, the 20th on CUSTOMERS_DAY - 10.
 * `answers` says what he answers to the ten questions in turn: n, s, g or f, and '-' for nothing.
 */
struct submission *customers_add(struct customers *customers, const char *provider,
				 const char *answers);

/* Without a proof. */
struct submission *customers_claim(struct customers *customers, const char *provider,
				   const char *answers);

/* Opinions of all of them as on CUSTOMERS_DAY; the one on that question, NULL when there is none.
 */
const struct opinion *customers_opinion(struct customers *customers, const char *provider,
					uint32_t question);

/* The weight that this submission's voice has in the opinion that was asked for last. */
double customers_weight(const struct customers *customers, const struct opinion *opinion,
			const struct submission *submission);

/* Why it is suspected; NULL when it is not. */
const char *customers_flag(const struct customers *customers, const struct submission *submission,
			   enum suspicion suspicion);
