/*
 * Published values, as lines of JSON that are only ever added to: each carries the hash of the line
 * before it and its own, so that a file that was altered is noticed. A value that stands for a day
 * is not changed; another one is a restatement, which names it and says why. The first and the last
 * line's hash are what to note down elsewhere: whoever rewrites all of the file can make it fit.
 * docs/index-method.md, section 6.
 */
#pragma once

#include "market/index.h"

enum {
	SERIES_LINES_MAXIMUM = 1 << 20,
	SERIES_REASON_MAXIMUM = 400, /* bytes */
};

struct series_entry {
	uint64_t number; /* of the line, from 1 */
	const char *method, *key, *scope, *day;
	uint64_t window_days;
	const char *value; /* as written; "null" when it is suppressed */
	const char *input; /* hash of the quotes */
	bool replaced;     /* by a later restatement */
};

struct series {
	struct series_entry *entries;
	size_t count, room;
	char last[72]; /* hash of the last line, "sha256:…"; of nothing: that of no bytes */
	struct arena *arena;
};

/* A file's text; empty is a series without values. A line whose hash does not fit, that does not
 * follow the one before, or that is no line of a series, fails with its number. */
bool series_read(struct span text, const char *file, struct arena *arena, struct series *ret_series,
		 struct error *err);

/* "" for all quotes of the key, else "provider=gcp product=a3-highgpu-8g". */
void series_scope(const struct key_filter *filter, const struct names *names, struct text *into);

/* A value on its way into a series. */
struct series_news {
	const struct index_value *value;
	const struct catalogue *catalogue;
	const char *scope;  /* of series_scope */
	const char *reason; /* for a restatement; NULL when none is meant */
};

/* Appends the value's line to `into`. Where a value of the same method, window, key, scope and day
 * stands, nothing is written when it is the same (of the same quotes), and when it is not: without
 * a reason it fails with ERROR_CONFLICT, else the line is a restatement. */
bool series_add(struct series *series, const struct series_news *news, struct text *into,
		struct error *err);
