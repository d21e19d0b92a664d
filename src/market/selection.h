/*
 * The quotes of one key, once, in an order that does not depend on that of the book: what the
 * values of all days are made of.
 */
#pragma once

#include "market/key.h"

/* Quotes of one provider: a stretch of the selection. */
struct stretch {
	name_t provider;
	uint32_t first, count;
	uint32_t first_offer; /* offers of the providers before it: a product in a region each */
};

struct selection {
	const struct book *book;
	struct key key;
	uint32_t *quotes; /* of the book, by place in it */
	size_t count;
	uint32_t *others; /* of the same key, left out by provider, product or region: they tell
			   * when a source was looked at */
	size_t other_count;
	struct stretch *providers; /* by name */
	size_t provider_count;
	uint32_t offer_count;
	uint64_t other_key;  /* quotes of the book that are none of these */
	uint64_t serverless; /* those among the others that differ in being serverless alone */
	date_t first, last;  /* days on which one was first observed, and last confirmed; DATE_NONE
			      * of  none */
};

/* Puts the quotes of a book into the order that all that follows rests on: by provider, product,
 * region, host and machine as text, then by GPUs, time and price. A million quotes are then read
 * from one end to the other instead of here and there. */
void book_arrange(struct book *book, unsigned threads);

/* Of a book that was arranged. All of it lives in the arena. */
void selection_make(const struct book *book, const struct key *key, const struct key_filter *filter,
		    struct arena *arena, struct selection *ret_selection);

/* The canonical bytes of those quotes for which `taken` (of the selection's length; NULL: all) says
 * so, hashed with SHA-256: docs/index-method.md, section 6. */
void selection_hash(const struct selection *selection, const bool *taken, unsigned threads,
		    uint8_t ret_hash[static 32]);
