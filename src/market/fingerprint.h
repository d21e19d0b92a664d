/*
 * Which quotes were there already: 64 mixed bits of each in a set of bounded size. Two different
 * quotes among 4 million share them by chance once in two million imports.
 */
#pragma once

#include "market/quote.h"

struct fingerprints {
	uint64_t *slots; /* open addressing; 0 is empty */
	size_t count, slot_count;
};

uint64_t fingerprint_of(const struct quote *quote);

/* Asks memory for what fingerprints_add will look at. */
void fingerprints_prefetch(const struct fingerprints *fingerprints, uint64_t fingerprint);

/* False when it was there already. The set must not be full. */
bool fingerprints_add(struct fingerprints *fingerprints, uint64_t fingerprint);

bool fingerprints_full(const struct fingerprints *fingerprints);

void fingerprints_copy(const struct fingerprints *from, struct fingerprints *ret_fingerprints);

/* Forgets all of them. */
void fingerprints_release(struct fingerprints *fingerprints);
