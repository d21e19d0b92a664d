/*
 * The store: everything that was ever taken in, in the order in which it was taken, and never
 * changed. It lies in a file of SQLite or in PostgreSQL (store/sql.h); what is said here holds for
 * both, and one test runs on both.
 *
 * An entry is one line of canonical JSON of its stream: an evidence record, a quote, a snapshot of
 * a rating, an answer of a customer, an act of moderation. Entries come in batches; a batch is
 * taken whole or not at all and is durable when store_append returns true. Each batch carries
 * link = SHA-256(link before ‖ stream ‖ sequence of its first entry ‖ time ‖ party ‖ SHA-256 of its
 * lines), so that nobody, the keeper included, can change or take out what was once shown without
 * breaking every link behind it. The lines lie compressed; beside them is one narrow row an entry
 * that finds it.
 *
 * What is no longer true is not deleted: it is withdrawn by a later act with a reason, and readers
 * who ask for what is current leave it out.
 */
#pragma once

#include "evidence/set.h"
#include "store/sql.h"

enum {
	STORE_BATCH_MAXIMUM = 100000,  /* entries */
	STORE_BATCH_BYTES = 256 << 20, /* of its lines together */
	STORE_LINE_MAXIMUM = 64 << 10, /* bytes of an entry */
	STORE_KEY_MAXIMUM = 1000,      /* bytes of an id, a subject, a what, a device */
	STORE_LINK_BYTES = 32,
	STORE_VALUE_TEXT = 40,
};

enum store_stream {
	STORE_EVIDENCE, /* records that ratings rest on; ids are unique */
	STORE_NODES,    /* records of nodes, seen by agents: history, seen by their own party */
	STORE_QUOTES,   /* prices, as the market's book writes them */
	STORE_RATINGS,  /* a league table as it was published: what it rested on and its rows */
	STORE_ANSWERS,  /* customers' answers with their proofs, as feedback/ writes them */
	STORE_ACTS,     /* withdrawn, flagged, replied: public, with reasons. What is "withdraw" or
			 * "restore" names the entry that it is about as its device, "evidence:ID" */
	STORE_LIVES, /* where nodes stand: how each look at one ended, and what their keepers said
		      */
	STORE_STREAM_COUNT,
};

extern const char *const store_stream_names[STORE_STREAM_COUNT];

struct store;

/* `where` as sql_open says. A store of an earlier format is moved forward, after a copy
 * (FILE.before-2) or a dump was kept; one of a later format is refused untouched. With SQL_READ
 * an earlier format is refused too. */
bool store_open(const char *where, enum sql_access access, struct store **ret_store,
		struct error *err);
void store_close(struct store *store);

/* The connection beneath, for what lies beside the streams. */
struct sql *store_sql(struct store *store);

/* Where it is, for people: without a password. */
const char *store_place(const struct store *store);

/* ---- taking in ---- */

/* What an entry is found by. Texts are kept once each, however often they come. */
struct store_entry {
	struct span line;    /* canonical JSON without a newline */
	const char *id;      /* unique in its stream; NULL: has none */
	const char *subject; /* "provider/product/region/gpu/cluster/node", stars where skipped */
	const char *what;    /* criterion, measure, key of a quote … */
	const char *device;  /* NULL without */
	int64_t time;        /* seconds since the epoch: when it was so */
	double value;        /* NaN: none */
};

struct store_batch {
	enum store_stream stream;
	const char *party; /* who gave it: "cli", an agent, a token; never a secret */
	int64_t time;      /* now */
	const struct store_entry *entries;
	size_t count;
};

struct store_receipt {
	int64_t first, last; /* sequence numbers; 0, 0 when all were known */
	size_t taken, known; /* known: the same id with the same bytes was there, and is not
				taken twice */
	uint8_t link[STORE_LINK_BYTES];
};

/* Takes the batch. An id that is there with other bytes refuses the whole batch and names it. */
bool store_append(struct store *store, const struct store_batch *batch,
		  struct store_receipt *ret_receipt, struct error *err);

/* As store_append, of records: lines, ids, subjects, times and values follow from them. */
bool store_append_records(struct store *store, enum store_stream stream, const char *party,
			  int64_t now, const struct record *const *records, size_t count,
			  struct store_receipt *ret_receipt, struct error *err);

/* What is appended in between is taken as a whole, with what lies beside the streams: not before
 * store_commit returns true is any of it there. Of a failure nothing is kept, and store_give_up has
 * to follow. */
bool store_begin(struct store *store, struct error *err);
bool store_commit(struct store *store, struct error *err);
void store_give_up(struct store *store);

/* ---- finding ---- */

/* Each that is NULL, 0 or NaN asks nothing. */
struct store_query {
	const char *id;
	const char *subject; /* it and everything below it */
	const char *what;    /* a whole word, or "name.*" */
	const char *device;
	int64_t since, until; /* time, both included */
	int64_t after;        /* place of the entry behind which it goes on; newest first, the
			       * one before which it does */
	int64_t known_until;  /* taken at or before this moment; 0: all */
	int64_t up_to;        /* sequence of the last entry that counts, acts as well; 0: all */
	size_t limit;         /* 0: all */
	enum store_stream stream;
	bool newest_first;
	bool withdrawn_too;
};

/* One entry that was found; texts are valid until the next call. */
struct store_found {
	int64_t sequence;
	int64_t place; /* what a query for the rest has as its `after` */
	struct store_entry entry;
	const char *party;
	int64_t taken; /* when */
	int64_t batch; /* sequence of the first entry of its batch */
	bool withdrawn;
};

/* A value as text that gives the same bits again: the shortest decimal where there is one, else 'x'
 * and 16 hexadecimal digits; "" for NaN. Reading refuses everything else. */
const char *store_write_value(double value, char into[static STORE_VALUE_TEXT]);
bool store_read_value(struct span text, double *ret_value);

struct store_cursor;

/* In the order in which they were taken, or against it. What is taken in afterwards is not seen. */
bool store_find(struct store *store, const struct store_query *query,
		struct store_cursor **ret_cursor, struct error *err);
bool store_next(struct store_cursor *cursor, struct store_found *ret_found, bool *ret_more,
		struct error *err);
void store_cursor_close(struct store_cursor *cursor);

/* The one entry of that id, withdrawn or not, with its texts in the arena. When there is none
 * *ret_found is all 0, also its sequence, which no entry has as 0. */
bool store_find_id(struct store *store, enum store_stream stream, const char *id,
		   struct arena *arena, struct store_found *ret_found, struct error *err);

/* Only times and values, for curves: no line is unpacked. */
struct store_point {
	int64_t time;
	double value;
};

/* At most `limit` points, evenly thinned when there are more (first and last of each stretch, its
 * least and its greatest are kept). Arrays in the arena. */
bool store_points(struct store *store, const struct store_query *query, struct arena *arena,
		  struct store_point **ret_points, size_t *ret_count, struct error *err);

/* The newest entry, by time, of each (subject, what, device) that the query finds, in the order in
 * which these first came. */
bool store_newest(struct store *store, const struct store_query *query,
		  struct store_cursor **ret_cursor, struct error *err);

struct store_below {
	enum store_stream stream;
	const char *subject; /* "" for the top */
	const char *after;   /* the names behind this one; NULL: from the start */
	size_t limit;        /* 0: all */
};

/* The names of the subjects that stand directly below one, in order. */
bool store_subjects(struct store *store, const struct store_below *below, struct arena *arena,
		    const char ***ret_names, size_t *ret_count, struct error *err);

/* Adds the records of the query to a set, which is not finished. */
bool store_load(struct store *store, const struct store_query *query, struct evidence_set *set,
		struct error *err);

struct store_counts {
	int64_t format; /* of the tables */
	int64_t entries[STORE_STREAM_COUNT];
	int64_t batches, bytes, last; /* last: the greatest sequence, grows with each append */
	uint8_t link[STORE_LINK_BYTES];
};

/* The last entry that was known at a moment; 0: none. */
bool store_known(struct store *store, int64_t moment, int64_t *ret_last, struct error *err);

/* The last entry; 0 in an empty store. One look, however large the store is. */
bool store_last(struct store *store, int64_t *ret_last, struct error *err);

/* Looks at every batch. */
bool store_count(struct store *store, struct store_counts *ret_counts, struct error *err);

/* ---- keeping ---- */

/* Recomputes every link and holds every row against its line. Says all that is wrong, at most
 * `limit` lines of it, into `ret_faults`; true when it could be looked at, whatever was found. */
bool store_verify(struct store *store, size_t limit, struct arena *arena, const char ***ret_faults,
		  size_t *ret_count, struct error *err);

/* Frees what was left by what is gone and packs small neighbouring batches of one party closer.
 * Links stay true: the packed block keeps the links of the batches in it. */
bool store_compact(struct store *store, int64_t *ret_bytes_before, int64_t *ret_bytes_after,
		   struct error *err);
