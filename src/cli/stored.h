/*
 * The store that a command works on: --store, else $ASSAY_STORE.
 */
#pragma once

#include "cli/load.h"
#include "store/store.h"

/* Where it is; NULL when none is named. --evidence without --store means no store. */
const char *stored_place(const struct session *session);

/* Opens it; ERROR_INVALID when none is named. */
bool stored_open(const struct session *session, enum sql_access access, struct store **ret_store,
		 struct error *err);

/* Adds the evidence, and what customers say, that is known, or was at --known-at, or when
 * `known_entry` of the options was the last entry. *ret_known is the last entry that was there. */
bool stored_load(const struct session *session, const struct standard *standard,
		 struct evidence_set *set, int64_t *ret_known, struct error *err);

/* The last entry that counts: of what is there, or was known at --known-at. */
bool stored_bound(const struct session *session, struct store *store, int64_t *ret_up_to,
		  struct error *err);

/* Appends the league table that was rated from the store, and says which snapshot it is. */
bool stored_publish(const struct session *session, const struct loaded *loaded, struct error *err);

/* Whether the file is an export of everything. */
bool is_export(const struct session *session, const char *path);

/* Takes such an export into a new store, batch by batch as it was: the chain is then the same. */
bool stored_take_in(const struct session *session, struct store *store, const char *path,
		    int64_t *ret_taken, struct error *err);

/* The verbs of `assay store` that have a file of their own. */
int store_import(const struct session *session, const char *const *paths, size_t path_count,
		 struct error *err);
int store_export(const struct session *session, const char *const *words, size_t word_count,
		 struct error *err);
int store_ratings(const struct session *session, const char *const *words, size_t word_count,
		  struct error *err);
int store_token(const struct session *session, const char *const *words, size_t word_count,
		struct error *err);
/* withdraw and restore. */
int store_withdraw(const struct session *session, const char *const *words, size_t word_count,
		   struct error *err);
int store_agent(const struct session *session, const char *const *words, size_t word_count,
		struct error *err);
int store_code(const struct session *session, const char *const *words, size_t word_count,
	       struct error *err);

static inline void stored_close(struct store **store)
{
	store_close(*store);
}

#define SCOPED_STORE(name) struct store *name __attribute__((cleanup(stored_close))) = NULL
