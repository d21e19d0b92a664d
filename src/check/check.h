/*
 * Judges: evidence in, findings out. A check sees records and nothing else: no clock, no file.
 * docs/adding-a-check.md shows how one is added.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "evidence/record.h"

enum verdict {
	VERDICT_PASS,
	VERDICT_WARN,
	VERDICT_FAIL,
	VERDICT_UNKNOWN,        /* tried, could not tell */
	VERDICT_NOT_APPLICABLE, /* with the reason */
	VERDICT_STALE,          /* older than its cadence */
	VERDICT_COUNT,
};

extern const char *const verdict_names[VERDICT_COUNT];

struct finding {
	enum verdict verdict;
	const char *about;                /* the thing judged: a measure, a device */
	const char *text;                 /* why, and what to do */
	const struct record *evidence[4]; /* what it rests on; NULL-terminated unless full */
	date_t observed;                  /* newest of its evidence */
	enum strength strength;           /* weakest that the verdict needs */
};

struct findings {
	struct finding *items;
	size_t count, room;
	struct arena *arena;
};

/* Appends a finding and returns it for the fields beyond verdict and text. */
struct finding *findings_add(struct findings *found, enum verdict verdict, const char *about,
			     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The records that concern one unit, valid on the day of the rating. */
struct check_input {
	const struct record *const *records;
	size_t count;
};

struct check {
	const char *title;
	const char *since;
	const char *needs; /* the prefix of `what` that it reads, such as "claim." */
	void (*judge)(const struct check_input *seen, struct findings *found);
};

struct check_entry {
	const char *name; /* "claim-consistent", from its path */
	const char *page; /* the text of its .md */
	const struct check *check;
};

extern const struct check_entry check_catalogue[];
extern const size_t check_catalogue_count;

const struct check_entry *check_find(const char *name);

/* Runs a check; a check that says nothing, or whose needs are absent, is one UNKNOWN. */
void check_run(const struct check_entry *entry, const struct check_input *seen,
	       struct findings *found);

#define CHECK(name) const struct check check_##name
