/*
 * Pages of entries: at most so many, and where the next ones are.
 */
#pragma once

#include "base/json.h"
#include "store/store.h"
#include "web/web.h"

enum {
	LISTING_DEFAULT = 100,
	LISTING_MAXIMUM = 1000,
};

struct listing {
	const struct web_request *request;
	struct web_answer *answer;
	struct json_writer writer;
	int64_t after, limit; /* as asked */
	int64_t given, last;  /* so many were written; the place of the last */
	bool more;
};

/* Reads `after` and `limit` and begins the answer: false when it refused. `schema` is of the
 * page, `key` the list's. */
bool listing_open(struct listing *listing, const struct web_request *request,
		  struct web_answer *answer, const char *schema, const char *key);

/* False when the page is full: there are more. */
bool listing_add(struct listing *listing, int64_t place, struct span document);

/* Adds what the query finds in the store behind `after`, as `write` says each, or NULL: the line as
 * it was taken in. */
bool listing_add_stored(struct listing *listing, struct web *web, struct store_query *query,
			void (*write)(struct text *into, const struct store_found *found),
			struct error *err);

/* Ends the page. `fields` are name and value of what was asked besides, for the next page's
 * address; NULL ends, a NULL value is left out. */
void listing_close(struct listing *listing, const char *const (*fields)[2]);
