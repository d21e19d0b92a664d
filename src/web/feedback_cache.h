/*
 * What customers say of a provider, ready to be shown. Working it out takes as long as there are
 * answers, and anybody may send answers and ask: it is done again when the store has grown, but
 * what took long only after ten times as long, so that it takes a tenth of one processor at most.
 */
#pragma once

#include "base/thread.h"
#include "web/feedback.h"

enum {
	TOLD_PROVIDERS = 16,  /* that are kept */
	TOLD_AT_ONCE_MS = 50, /* what takes no longer is done at once */
	TOLD_PAUSE_TIMES = 10,
};

struct told_entry {
	const char *provider; /* NULL: free */
	int64_t sequence;     /* of the store it was made from */
	date_t day;
	int64_t made_ms, cost_ms, used_ms;
	bool is_busy; /* somebody makes it anew */
	struct text html, json;
};

struct told_cache {
	struct lock lock;
	struct told_entry entries[TOLD_PROVIDERS];
};

struct told_cache *told_cache_new(void);
void told_cache_free(struct told_cache *cache);

/* The part of the page with opinions and answers, and the document assay/opinions/v1. */
struct told {
	struct span html, json;
};

/* Copies in the request's arena. */
bool feedback_told(struct web *web, const struct web_request *request, const char *provider,
		   struct told *ret_told, struct error *err);
