/*
 * Keys: what has one price. A key is GPU, memory, form, rental model, term and tier of provider;
 * prices of different keys are never put together. What is not known is a key of its own. All tiers
 * together are a composite, which is named so. docs/index-method.md, section 1.
 */
#pragma once

#include "base/text.h"
#include "market/quote.h"

enum {
	KEY_ALL_TIERS = TIER_COUNT, /* the composite: every provider has one vote, whatever its tier
				     */
	KEY_ANY = -1,
};

struct key {
	uint16_t gpu, memory_gb, term_months;
	uint8_t form, rental, tier; /* the enums; tier may be KEY_ALL_TIERS */
};

/* Which keys are meant and, inside them, which quotes. */
struct key_filter {
	int32_t gpu, memory_gb, term_months, form, rental; /* KEY_ANY: all there are */
	int32_t tier; /* one of them, or KEY_ALL_TIERS; KEY_ANY: each on its own */
	bool by_provider, by_product, by_region;
	name_t provider, product, region; /* NAME_NONE: in no quote, or nameless */
};

/* As options write them; NULL is not given. */
struct key_words {
	const char *gpu;    /* "h100", or with memory and form: "a100-80gb", "H100 SXM" */
	const char *form;   /* "sxm" */
	const char *rental; /* "spot" */
	const char *term;   /* "12", of months */
	const char *tier;   /* "neocloud"; "all", as without it; "each" */
	const char *provider, *product, *region;
};

/* Fails on a word that means nothing, with what there is. A provider, product or region that no
 * quote names is no fault: then no quote fits. */
bool key_filter_read(const struct key_words *words, const struct book *book,
		     struct key_filter *ret_filter, struct error *err);

/* True when the quote may be in a key that is meant. */
bool key_filter_takes(const struct key_filter *filter, const struct quote *quote);

/* True when it leaves out quotes of a key that it takes others of. */
bool key_filter_narrows(const struct key_filter *filter);

/* True when the quote is of the key, tier included. */
bool key_takes(const struct key *key, const struct quote *quote);

/* The keys of all quotes that the filter takes, without serverless unless asked for; in the order
 * of key_compare. */
void key_list(const struct book *book, const struct key_filter *filter, struct arena *arena,
	      struct key **ret_keys, size_t *ret_count);

/* By GPU's row, form, memory, rental, term, tier. */
int key_compare(const struct key *a, const struct key *b);

/* "h100/80gb/sxm/on-demand/all-tiers", "h100/unknown/unknown/contract-12m/neocloud". */
void key_format(const struct key *key, const struct catalogue *catalogue, struct text *into);

/* "all-tiers" for the composite, else the tier's name. */
const char *key_tier_name(const struct key *key);
