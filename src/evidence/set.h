/*
 * All records of a rating: read from any number of files, checked for duplicates, sorted by id,
 * so that the order of files never matters.
 */
#pragma once

#include "evidence/record.h"

enum {
	EVIDENCE_RECORDS_MAXIMUM = 1000000,
	EVIDENCE_LINES_BYTES_MAXIMUM = 80 << 20,
};

struct evidence_set {
	struct record *records; /* sorted by id once finished */
	size_t count, room;
	uint8_t hash[RECORD_HASH_BYTES]; /* of the whole set, once finished */
	struct arena arena;              /* owns the records' text */
	unsigned threads; /* that JSON Lines are read with; 0 is one. Changes no result */
};

/* `struct evidence_set set = { 0 };` is ready. */
void evidence_set_release(struct evidence_set *set);

/* Adds the records of a YAML file (what people write). On failure the set is unchanged. */
bool evidence_set_add_yaml(struct evidence_set *set, struct span text, const char *file,
			   struct error *err);

/* Adds the records of a JSON Lines file. A record whose hash does not fit is refused; one
 * without a hash is sealed. On failure the set is unchanged. */
bool evidence_set_add_lines(struct evidence_set *set, struct span text, const char *file,
			    struct error *err);

/* Room for `count` more records behind those that are there; fails when the set would hold too
 * many. For the readers of files. */
bool evidence_set_reserve(struct evidence_set *set, size_t count, const char *file,
			  struct error *err);

/* Sorts, refuses duplicate ids (both places named), computes the set's hash. */
bool evidence_set_finish(struct evidence_set *set, struct error *err);

/* The newest day that a record was observed on, announced ones left out; DATE_NONE if none. */
date_t evidence_set_newest(const struct evidence_set *set);

/* How many records were observed by the day. */
size_t evidence_set_observed(const struct evidence_set *set, date_t day);

const struct record *evidence_set_find(const struct evidence_set *set, const char *id);

#define SCOPED_EVIDENCE(name) \
	struct evidence_set name __attribute__((cleanup(evidence_set_release))) = { 0 }
