#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/record.h"
#include "store/acts.h"
#include "store/intake.h"

enum {
	ROWS_AT_ONCE = 4096,
	ENTRY_COLUMNS = 5,
};

/* ---- rows ---- */

/* Rows on their way into one table. */
struct rows {
	struct sql *sql;
	struct sql_table table;
	size_t row_count;
	struct sql_value *values; /* ROWS_AT_ONCE × its columns */
};

static bool send_rows(struct rows *rows, struct error *err)
{
	size_t count = rows->row_count;

	rows->row_count = 0;
	return sql_insert(rows->sql, &rows->table, rows->values, count, err);
}

static bool add_row(struct rows *rows, const struct sql_value *row, struct error *err)
{
	memcpy(rows->values + rows->row_count * rows->table.column_count, row,
	       rows->table.column_count * sizeof(*row));
	rows->row_count++;
	return rows->row_count < ROWS_AT_ONCE || send_rows(rows, err);
}

static int by_series(const void *left, const void *right)
{
	const struct intake *a = *(const struct intake *const *)left;
	const struct intake *b = *(const struct intake *const *)right;

	if (a->series != b->series)
		return a->series < b->series ? -1 : 1;
	return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

/* Where ids have no table of their own, they stand in that of entries. */
static bool has_table_of_ids(const struct intakes *intakes)
{
	return sql_kind(intakes->store->sql) == SQL_SQLITE;
}

/* Rows of entries by series and of ids by key: neighbours in the tables come one behind another. */
static bool write_entries(struct intakes *intakes, struct error *err)
{
	static const char *const columns[] = { "series", "time", "sequence", "value", "key" };
	struct rows rows = {
		intakes->store->sql,
		{ "entry", columns, ENTRY_COLUMNS - has_table_of_ids(intakes) },
		0,
		NULL,
	};
	const size_t count = intakes->fresh_count;
	struct intake **sorted = ARENA_ARRAY(&intakes->arena, struct intake *, count);

	rows.values = ARENA_ARRAY(&intakes->arena, struct sql_value, ENTRY_COLUMNS * ROWS_AT_ONCE);
	memcpy(sorted, intakes->fresh, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_series);
	for (size_t i = 0; i < count; i++) {
		const struct intake *one = sorted[i];
		const struct store_entry *entry = entry_of(intakes, one);
		const struct sql_value row[ENTRY_COLUMNS] = {
			sql_integer(one->series),
			sql_integer(entry->time),
			sql_integer(one->sequence),
			isnan(entry->value) ? sql_text(NULL) : sql_real(entry->value),
			entry->id && !one->in_run ? sql_integer(one->key) : sql_text(NULL),
		};

		if (!add_row(&rows, row, err))
			return false;
	}
	return send_rows(&rows, err);
}

static bool write_ids(struct intakes *intakes, struct error *err)
{
	static const char *const columns[] = { "key", "sequence" };
	struct rows rows = { intakes->store->sql, { "id", columns, 2 }, 0, NULL };

	if (!has_table_of_ids(intakes))
		return true;
	rows.values = ARENA_ARRAY(&intakes->arena, struct sql_value, 2 * ROWS_AT_ONCE);
	for (size_t i = 0; i < intakes->count; i++) {
		const struct intake *one = &intakes->items[i];
		const struct sql_value row[] = { sql_integer(one->key),
						 sql_integer(one->sequence) };

		if (!one->known && entry_of(intakes, one)->id && !add_row(&rows, row, err))
			return false;
	}
	return send_rows(&rows, err);
}

/* ---- blocks ---- */

/* Packs the entries that are new, in their order, and takes their digest. */
static bool write_blocks(struct intakes *intakes, struct error *err)
{
	const struct store_batch *batch = intakes->batch;
	struct text text = { .maximum = PACK_TEXT_MAXIMUM };
	struct places places = { 0 };
	struct block_rows rows = { .store = intakes->store };
	struct block_draft draft = { .stream = batch->stream,
				     .first = intakes->row.first,
				     .places = &places };
	SCOPED_ARENA(arena);
	struct hashing hashing;
	bool good = true;

	hash_start(&hashing);
	for (size_t i = 0; good && i < intakes->fresh_count; i++) {
		const struct store_entry *entry = entry_of(intakes, intakes->fresh[i]);

		pack_add(&text, entry, stream_has_records(batch->stream));
		good = places_add(intakes->store, batch->stream, entry->subject, &arena, &places,
				  err);
		if (!good || (text.length < PACK_TEXT_TARGET && i + 1 < intakes->fresh_count))
			continue;
		draft.last = intakes->fresh[i]->sequence;
		draft.text = text_span(&text);
		hash_more(&hashing, draft.text);
		good = block_rows_add(&rows, &draft, err);
		draft.first = draft.last + 1;
		places = (struct places){ 0 };
		text_clear(&text);
		arena_clear(&arena);
	}
	hash_end(&hashing, intakes->row.digest);
	good = good && block_rows_send(&rows, err);
	block_rows_release(&rows);
	text_release(&text);
	return good;
}

/* ---- the batch ---- */

static bool write_batch(struct intakes *intakes, const uint8_t before[STORE_LINK_BYTES],
			struct error *err)
{
	static const char *const columns[] = { "first", "last",   "stream", "taken",
					       "party", "digest", "link" };
	static const struct sql_table table = { "batch", columns, 7 };
	struct batch_row *row = &intakes->row;

	batch_link(before, row, row->link);
	const struct sql_value values[] = {
		sql_integer(row->first),
		sql_integer(row->last),
		sql_integer(row->stream),
		sql_integer(row->taken),
		sql_text(row->party),
		sql_bytes((struct span){ (const char *)row->digest, STORE_LINK_BYTES }),
		sql_bytes((struct span){ (const char *)row->link, STORE_LINK_BYTES }),
	};

	return sql_insert(intakes->store->sql, &table, values, 1, err);
}

/* What is new, in its order. */
static void find_fresh(struct intakes *intakes)
{
	const size_t all = intakes->batch->count;
	struct intake **fresh = ARENA_ARRAY(&intakes->arena, struct intake *, all);
	size_t count = 0;

	for (size_t i = 0; i < intakes->count; i++)
		if (!intakes->items[i].known)
			fresh[intakes->items[i].index] = &intakes->items[i];
	for (size_t i = 0; i < all; i++)
		if (fresh[i])
			fresh[count++] = fresh[i];
	intakes->fresh = fresh;
	intakes->fresh_count = count;
}

/* Gives what is new its series and its number. */
static bool number_fresh(struct intakes *intakes, struct error *err)
{
	for (size_t i = 0; i < intakes->fresh_count; i++) {
		struct intake *one = intakes->fresh[i];

		one->sequence = intakes->row.first + (int64_t)i;
		if (!names_series(intakes->store->names, intakes->batch->stream,
				  entry_of(intakes, one), &one->series, err))
			return false;
	}
	intakes->row.last = intakes->row.first + (int64_t)intakes->fresh_count - 1;
	return true;
}

static bool apply_acts(struct intakes *intakes, struct error *err)
{
	if (intakes->batch->stream != STORE_ACTS)
		return true;
	for (size_t i = 0; i < intakes->fresh_count; i++)
		if (!act_apply(intakes->store, entry_of(intakes, intakes->fresh[i]),
			       intakes->fresh[i]->sequence, err))
			return false;
	return true;
}

static bool take(struct intakes *intakes, struct store_receipt *receipt, struct error *err)
{
	const struct store_batch *batch = intakes->batch;
	struct store *store = intakes->store;
	struct batch_row last = { 0 };
	bool found = false;

	if (!intakes_check_ids(intakes, err) || !batch_last(store, &last, &found, err))
		return false;
	/* Times of batches never go back, so that what was known at a moment is all before one. */
	intakes->row.taken = found && last.taken > batch->time ? last.taken : batch->time;
	intakes->row.first = last.last + 1;
	intakes->row.stream = batch->stream;
	find_fresh(intakes);
	if (!number_fresh(intakes, err))
		return false;
	receipt->taken = intakes->fresh_count;
	receipt->known = batch->count - intakes->fresh_count;
	memcpy(receipt->link, last.link, sizeof(receipt->link));
	if (intakes->fresh_count == 0)
		return true;
	/* The blocks last: a server takes the rows in while they are packed. */
	if (!runs_write(intakes, err) || !write_entries(intakes, err) || !write_ids(intakes, err) ||
	    !write_blocks(intakes, err) || !write_batch(intakes, last.link, err) ||
	    !apply_acts(intakes, err) || !names_flush(store->names, err))
		return false;
	receipt->first = intakes->row.first;
	receipt->last = intakes->row.last;
	memcpy(receipt->link, intakes->row.link, sizeof(receipt->link));
	return true;
}

static bool prepare(struct intakes *intakes, struct error *err)
{
	const struct store_batch *batch = intakes->batch;
	size_t bytes = 0;

	if (batch->count > STORE_BATCH_MAXIMUM)
		return fail(err, ERROR_LIMIT, "a batch has %zu entries; the limit is %d",
			    batch->count, STORE_BATCH_MAXIMUM);
	if (span_of(batch->party).length > STORE_KEY_MAXIMUM || strchr(batch->party, '\n'))
		return fail(err, ERROR_INVALID,
			    "the party of a batch is one line of at most %d "
			    "bytes",
			    STORE_KEY_MAXIMUM);
	(void)memcpy(intakes->row.party, batch->party, strlen(batch->party) + 1);
	intakes->items = ARENA_ARRAY(&intakes->arena, struct intake, batch->count + 1);
	for (size_t i = 0; i < batch->count; i++) {
		const struct store_entry *entry = &batch->entries[i];

		if (!pack_check(entry, err))
			return fail_while(err, "entry %zu of the batch", i + 1);
		bytes += entry->line.length;
		if (bytes > STORE_BATCH_BYTES)
			return fail(err, ERROR_LIMIT, "a batch has more than %d bytes",
				    STORE_BATCH_BYTES);
		intakes->items[i].index = i;
		intakes->items[i].key = entry->id ? id_key(batch->stream, entry->id) : 0;
	}
	intakes->count = batch->count;
	qsort(intakes->items, intakes->count, sizeof(*intakes->items), intake_by_key);
	return true;
}

bool store_append(struct store *store, const struct store_batch *batch,
		  struct store_receipt *ret_receipt, struct error *err)
{
	struct intakes intakes = { .store = store, .batch = batch };
	struct store_receipt receipt = { 0 };
	bool good = prepare(&intakes, err) && sql_begin(store->sql, err);

	if (good) {
		good = take(&intakes, &receipt, err);
		if (good)
			good = sql_commit(store->sql, err);
		if (!good)
			store_give_up(store);
	}
	arena_release(&intakes.arena);
	if (good)
		*ret_receipt = receipt;
	return good;
}
