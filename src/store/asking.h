/*
 * A statement that is put together for a query; private to this room.
 */
#pragma once

#include "base/text.h"
#include "store/store.h"

enum {
	ASKING_VALUES = 24,
};

struct asking {
	struct text words;
	struct sql_value values[ASKING_VALUES];
	size_t count;
};

void asking_release(struct asking *asking);

/* Adds words, and a value as its next placeholder. */
void asking_add(struct asking *asking, const char *words);
void asking_value(struct asking *asking, struct sql_value value);
void asking_integer(struct asking *asking, const char *words, int64_t value);

/* What of a query concerns series, with names resolved to ids. */
struct series_asked {
	enum store_stream stream;
	int64_t subject, what, device; /* 0: any */
	const char *family;            /* "name." of "name.*"; NULL */
	const char *family_end;        /* the text behind all that begin so */
	bool nothing;                  /* a name that is not there: nothing is found */
};

bool series_resolve(struct store *store, const struct store_query *query, struct arena *arena,
		    struct series_asked *ret_asked, struct error *err);

/* "SELECT id FROM series WHERE …" */
void asking_series(struct asking *asking, const struct series_asked *asked);

/* The sequence up to which the query sees, in *ret_bound. */
bool query_bound(struct store *store, const struct store_query *query, int64_t *ret_bound,
		 struct error *err);

/* " AND e.sequence <= … AND e.time …" and that it was not withdrawn. */
void asking_entries(struct asking *asking, const struct store_query *query, int64_t bound);

#define SCOPED_ASKING(name) struct asking name __attribute__((cleanup(asking_release))) = { 0 }
