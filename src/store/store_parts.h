/*
 * What the files of the store share; private to this room.
 */
#pragma once

#include "store/names.h"
#include "store/pack.h"

enum {
	BLOCKS_KEPT = 16,     /* unpacked, of a store that is open */
	WANTED_AT_ONCE = 250, /* values of one statement */
};

/* One block, unpacked. */
struct block {
	int64_t first, last; /* sequences; 0 when the place is free */
	enum store_stream stream;
	struct packed_entry *entries;
	size_t count;
	struct arena arena;
	uint64_t used;
	unsigned pins; /* cursors that stand in it */
};

struct store {
	struct sql *sql;
	enum sql_access access;
	struct names *names;
	struct packer *packer;
	struct block blocks[BLOCKS_KEPT];
	uint64_t clock;
};

/* One row of `batch`. */
struct batch_row {
	int64_t first, last, taken;
	enum store_stream stream;
	char party[STORE_KEY_MAXIMUM + 1];
	uint8_t digest[STORE_LINK_BYTES], link[STORE_LINK_BYTES];
};

/* ---- tables.c ---- */

/* Makes the tables of a new store, moves those of an earlier format, refuses a later one. */
bool tables_open(struct sql *sql, enum sql_access access, struct error *err);

/* ---- blocks.c ---- */

/* The block that holds the sequence, in the store's own memory: of the kept blocks the one that was
 * used longest ago goes, never one with a pin. ERROR_PARSE when there is none or it is damaged. */
bool block_of(struct store *store, int64_t sequence, struct block **ret_block, struct error *err);

/* None of the kept blocks is trusted any more; those with a pin stay. */
void blocks_forget(struct store *store);

/* The batch that the sequence came in; *ret_found is false behind the last. */
bool batch_of(struct store *store, int64_t sequence, struct batch_row *ret_batch, bool *ret_found,
	      struct error *err);

/* The last batch; *ret_found is false in an empty store. */
bool batch_last(struct store *store, struct batch_row *ret_batch, bool *ret_found,
		struct error *err);

/* A row of "SELECT first, last, stream, taken, party, digest, link FROM batch". */
bool batch_take(const struct sql_value *row, struct batch_row *ret_batch, struct error *err);

/* link = SHA-256(link before, stream, first, time, party, digest), numbers as 8 bytes, the lowest
 * first, texts with a newline behind. */
void batch_link(const uint8_t before[STORE_LINK_BYTES], const struct batch_row *batch,
		uint8_t ret_link[STORE_LINK_BYTES]);

/* ---- places.c ---- */

/* Subjects that a block has entries of, those above them as well. */
struct places {
	int64_t *ids;
	size_t count, room;
	const char *last; /* subject that was added last */
};

struct block_draft {
	enum store_stream stream;
	int64_t first, last;
	struct span text;
	struct places *places;
};

/* Within a transaction. */
bool places_add(struct store *store, enum store_stream stream, const char *subject,
		struct arena *arena, struct places *places, struct error *err);

/* Packed blocks and the subjects that they are listed under, on their way into their tables: many
 * in one call. */
struct block_rows {
	struct store *store;
	struct arena arena; /* of all that is behind the values */
	struct sql_value *blocks, *places;
	size_t block_count, place_count, place_room;
};

/* Packs the draft, whose text and places may be gone afterwards. */
bool block_rows_add(struct block_rows *rows, const struct block_draft *draft, struct error *err);

/* Writes what was added, within a transaction. */
bool block_rows_send(struct block_rows *rows, struct error *err);
void block_rows_release(struct block_rows *rows);

/* ---- runs.c ---- */

/* Whether ids are kept as runs: SQLite has a table for them in which each takes little. */
static inline bool store_has_runs(const struct store *store)
{
	return sql_kind(store->sql) == SQL_POSTGRESQL;
}

/* The entry of that id, where it stands in a run: *ret_found and *ret_sequence are left alone
 * otherwise. */
bool runs_find(struct store *store, enum store_stream stream, const char *id, int64_t *ret_sequence,
	       bool *ret_found, struct error *err);

/* ---- append_ids.c ---- */

/* What ids that begin alike share: their stream, and 60 bits of a hash of what stands before the
 * last part. */
int64_t id_stem(enum store_stream stream, const char *id);

/* What an id is found by: its stream, where it begins and 40 bits of its hash, so that those that
 * begin alike stand together. Two ids may share it. */
int64_t id_key(enum store_stream stream, const char *id);

static inline bool stream_has_records(enum store_stream stream)
{
	return stream == STORE_EVIDENCE || stream == STORE_NODES;
}
