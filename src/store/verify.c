#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "evidence/record.h"
#include "store/verify.h"

/* Where the walk through batches and blocks stands. */
struct walk {
	struct store *store;
	struct faults *faults;
	struct batch_row batch;
	bool has_batch;
	int64_t expected; /* the next sequence */
	uint8_t link[STORE_LINK_BYTES];
	struct hashing hashing;
	struct arena arena;
};

static bool take_batch(struct walk *walk, struct error *err)
{
	bool found = false;

	if (!batch_of(walk->store, walk->expected, &walk->batch, &found, err))
		return false;
	walk->has_batch = found;
	hash_start(&walk->hashing);
	if (found && walk->batch.first != walk->expected)
		faults_add(walk->faults,
			   "batch %lld: begins at %lld, and the one before ends at %lld",
			   (long long)walk->batch.first, (long long)walk->batch.first,
			   (long long)walk->expected - 1);
	return true;
}

/* Goes on behind what could not be read. */
static bool skip_to(struct walk *walk, int64_t sequence, struct error *err)
{
	struct batch_row before;
	bool found = false;

	walk->expected = sequence;
	if (walk->has_batch && sequence <= walk->batch.last)
		return true; /* its digest will not fit, and is said not to */
	if (!batch_of(walk->store, sequence - 1, &before, &found, err))
		return false;
	if (found)
		memcpy(walk->link, before.link, sizeof(walk->link));
	return take_batch(walk, err);
}

/* The batch is whole: its digest and link are held against what was read. */
static void close_batch(struct walk *walk)
{
	uint8_t digest[STORE_LINK_BYTES], link[STORE_LINK_BYTES];
	struct batch_row *batch = &walk->batch;

	hash_end(&walk->hashing, digest);
	if (memcmp(digest, batch->digest, sizeof(digest)) != 0)
		faults_add(walk->faults,
			   "batch %lld: entries %lld to %lld are not those that were taken in",
			   (long long)batch->first, (long long)batch->first,
			   (long long)batch->last);
	batch_link(walk->link, batch, link);
	if (memcmp(link, batch->link, sizeof(link)) != 0)
		faults_add(walk->faults, "batch %lld: its link does not follow from the one before",
			   (long long)batch->first);
	memcpy(walk->link, batch->link, sizeof(walk->link));
}

/* A record's line has to be one, and its hash has to fit. */
static void check_record(struct walk *walk, const struct packed_entry *packed, int64_t sequence)
{
	struct record_reading how = { .file = "its line",
				      .schema_required = true,
				      .arena = &walk->arena };
	const struct node *root = NULL;
	struct record record;
	struct error err = { 0 };
	SCOPED_TEXT(scratch);
	SCOPED_TEXT(line);

	if (!json_read(unpack_line(packed, &line), how.file, 1, &walk->arena, &root, &err) ||
	    !record_read_sealed(root, &how, &scratch, &record, &err))
		faults_add(walk->faults, "entry %lld: %s", (long long)sequence, err.text);
}

static bool check_block(struct walk *walk, int64_t first, const struct packed_entry *entries,
			size_t count, struct error *err)
{
	const struct indexed block = { .store = walk->store,
				       .stream = walk->batch.stream,
				       .entries = entries,
				       .count = count,
				       .first = first,
				       .arena = &walk->arena };

	for (size_t i = 0; stream_has_records(walk->batch.stream) && i < count; i++)
		check_record(walk, &entries[i], first + (int64_t)i);
	return verify_rows(&block, walk->faults, err);
}

/* ---- blocks ---- */

/* Gives the text of a block to the batches that it holds entries of. */
static bool hash_entries(struct walk *walk, struct span text, int64_t first, int64_t last,
			 struct error *err)
{
	for (int64_t sequence = first; sequence <= last && walk->has_batch;) {
		int64_t end = walk->batch.last < last ? walk->batch.last : last;
		struct span rest = text, head;

		for (int64_t i = 0; i < 2 * (end - sequence + 1); i++)
			(void)span_cut(&rest, '\n', &head);
		hash_more(&walk->hashing, (struct span){ text.at, text.length - rest.length });
		text = rest;
		sequence = walk->expected = end + 1;
		if (end < walk->batch.last)
			break;
		close_batch(walk);
		if (!take_batch(walk, err))
			return false;
	}
	return true;
}

static bool look_at_block(struct walk *walk, const struct sql_value *row, struct error *err)
{
	const int64_t first = row[0].integer, last = row[1].integer;
	struct packed_entry *entries = NULL;
	struct error fault = { 0 };
	struct span text;
	size_t count = 0;

	if (first != walk->expected) {
		faults_add(walk->faults, "entries %lld to %lld: no block holds them",
			   (long long)walk->expected, (long long)first - 1);
		if (!skip_to(walk, first, err))
			return false;
	}
	arena_clear(&walk->arena);
	if (!unpack(walk->store->packer, row[3].bytes, &walk->arena, &text, &fault)) {
		faults_add(walk->faults, "entries %lld to %lld: %s", (long long)first,
			   (long long)last, fault.text);
		return skip_to(walk, last + 1, err);
	}
	if (row[2].integer != (int64_t)walk->batch.stream)
		faults_add(walk->faults, "block %lld: it is of another stream than its batch",
			   (long long)first);

	struct batch_row batch = walk->batch;
	if (!hash_entries(walk, text, first, last, err))
		return false;
	if (!unpack_entries(text, &walk->arena, &entries, &count, &fault) ||
	    (int64_t)count != last - first + 1) {
		faults_add(walk->faults, "entries %lld to %lld: the block holds %zu (%s)",
			   (long long)first, (long long)last, count, fault.text);
		return true;
	}
	struct batch_row ahead = walk->batch;
	walk->batch = batch; /* whose stream the entries are of */
	bool good = check_block(walk, first, entries, count, err);
	walk->batch = ahead;
	return good;
}

/* The first block from `from` on. */
static bool next_block(struct walk *walk, int64_t from, int64_t *ret_first, bool *ret_more,
		       struct error *err)
{
	const struct sql_value value = sql_integer(from);
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	struct arena arena = { 0 };
	struct sql_value kept[4];
	bool good = sql_query(walk->store->sql,
			      "SELECT first, last, stream, data FROM block WHERE first >= $1 "
			      "ORDER BY first LIMIT 1",
			      &value, 1, &rows, err) &&
		    sql_next(rows, &row, ret_more, err);

	if (good && *ret_more) {
		memcpy(kept, row, sizeof(kept));
		kept[3].bytes.at = memcpy(arena_take(&arena, row[3].bytes.length), row[3].bytes.at,
					  row[3].bytes.length);
		*ret_first = row[0].integer;
	}
	sql_rows_close(rows);
	if (good && *ret_more)
		good = look_at_block(walk, kept, err);
	arena_release(&arena);
	return good;
}

/* Rows of nothing: as many entries have to be indexed as there are. */
static bool check_counts(struct walk *walk, struct error *err)
{
	int64_t last = walk->expected - 1, count = 0;

	if (!sql_ask(walk->store->sql, "SELECT count(*) FROM entry", NULL, 0, &count, err))
		return false;
	if (count != last)
		faults_add(walk->faults, "the index of series has %lld rows for %lld entries",
			   (long long)count, (long long)last);
	if (!sql_ask(walk->store->sql,
		     "SELECT count(*) FROM id WHERE sequence < 1 OR sequence > "
		     "(SELECT max(last) FROM batch)",
		     NULL, 0, &count, err))
		return false;
	if (count != 0)
		faults_add(walk->faults, "the index of ids has %lld rows for no entry",
			   (long long)count);
	count = 0;
	if (store_has_runs(walk->store) &&
	    !sql_ask(walk->store->sql,
		     "SELECT count(*) FROM run WHERE first < 1 OR last < first OR last > "
		     "(SELECT max(last) FROM batch)",
		     NULL, 0, &count, err))
		return false;
	if (count != 0)
		faults_add(walk->faults, "%lld runs of ids are of no entries", (long long)count);
	return true;
}

/* SQLite looks at its own trees. */
static bool check_database(struct walk *walk, struct error *err)
{
	struct sql_rows *rows = NULL;
	const struct sql_value *row = NULL;
	bool more = true, good;

	if (sql_kind(walk->store->sql) != SQL_SQLITE)
		return true;
	good = sql_query(walk->store->sql, "PRAGMA quick_check(20)", NULL, 0, &rows, err);
	while (good && (good = sql_next(rows, &row, &more, err)) && more) {
		if (!span_is(row[0].bytes, "ok"))
			faults_add(walk->faults, "the file: %.*s", SPAN_ARGS(row[0].bytes));
	}
	sql_rows_close(rows);
	return good;
}

static bool walk_all(struct walk *walk, struct error *err)
{
	int64_t first = 0;
	bool more = true;

	walk->expected = 1;
	if (!check_database(walk, err) || !take_batch(walk, err))
		return false;
	while (more) {
		if (!next_block(walk, first + 1, &first, &more, err))
			return false;
	}
	if (walk->has_batch)
		faults_add(walk->faults, "entries %lld to %lld: no block holds them",
			   (long long)walk->expected, (long long)walk->batch.last);
	return check_counts(walk, err);
}

bool store_verify(struct store *store, size_t limit, struct arena *arena, const char ***ret_faults,
		  size_t *ret_count, struct error *err)
{
	struct faults faults = { .limit = limit, .arena = arena };
	struct walk walk = { .store = store, .faults = &faults };
	bool good;

	faults.items = ARENA_ARRAY(arena, const char *, limit + 1);
	good = walk_all(&walk, err);
	arena_release(&walk.arena);
	/* A file so damaged that it cannot be read further is a fault, as what was found before. */
	if (!good && err && err->code == ERROR_PARSE) {
		faults_add(&faults, "%s", err->text);
		*err = (struct error){ 0 };
		good = true;
	}
	*ret_faults = faults.items;
	*ret_count = faults.count;
	return good;
}
