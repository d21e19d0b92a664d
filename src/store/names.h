/*
 * Texts that are kept once: words (what, device), subjects as a tree of their parts, and series,
 * which are a subject, a what and a device together. What is new is made in the open transaction
 * and written at its end, many rows at once.
 */
#pragma once

#include "store/store.h"

struct names;

struct names *names_new(struct sql *sql);
void names_free(struct names *names);

/* *ret_id is 0 for a text that is not there (`make` false) and for an empty one. */
bool names_word(struct names *names, struct span text, bool make, int64_t *ret_id,
		struct error *err);
bool names_subject(struct names *names, enum store_stream stream, struct span path, bool make,
		   int64_t *ret_id, struct error *err);
bool names_series(struct names *names, enum store_stream stream, const struct store_entry *entry,
		  int64_t *ret_id, struct error *err);

/* Writes what was made; before a commit. */
bool names_flush(struct names *names, struct error *err);

/* What was made is not there after all; behind a rollback. */
void names_forget(struct names *names);
