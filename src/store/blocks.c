#include <string.h>

#include "evidence/record.h"
#include "store/store_parts.h"

enum {
	BLOCK_ROOM = 2 * PACK_TEXT_TARGET,
};

static struct block *place_for(struct store *store)
{
	struct block *oldest = NULL;

	for (unsigned i = 0; i < BLOCKS_KEPT; i++) {
		struct block *block = &store->blocks[i];

		if (block->pins == 0 && (!oldest || block->used < oldest->used))
			oldest = block;
	}
	return oldest;
}

static bool fill_block(struct store *store, struct block *block, int64_t sequence,
		       const struct sql_value *row, struct error *err)
{
	struct span text;

	arena_clear(&block->arena);
	/* Room that nearly every block fits into, so that it stays with the place. */
	if (!block->arena.newest)
		arena_reserve(&block->arena, BLOCK_ROOM);
	block->first = row[0].integer;
	block->last = row[1].integer;
	block->stream = (enum store_stream)row[2].integer;
	if (block->last < sequence || row[2].integer < 0 || row[2].integer >= STORE_STREAM_COUNT)
		return fail(err, ERROR_PARSE,
			    "the store is damaged: no block holds entry %lld; see `assay store "
			    "verify`",
			    (long long)sequence);
	if (!unpack(store->packer, row[3].bytes, &block->arena, &text, err) ||
	    !unpack_entries(text, &block->arena, &block->entries, &block->count, err))
		return fail_while(err, "entry %lld", (long long)sequence);
	if ((int64_t)block->count != block->last - block->first + 1)
		return fail(err, ERROR_PARSE,
			    "the store is damaged: the block of entry %lld holds %zu entries, not "
			    "%lld; see `assay store verify`",
			    (long long)sequence, block->count,
			    (long long)(block->last - block->first + 1));
	return true;
}

static bool read_block(struct store *store, struct block *block, int64_t sequence,
		       struct error *err)
{
	const struct sql_value value = sql_integer(sequence);
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	bool more = false;
	bool good = sql_query(store->sql,
			      "SELECT first, last, stream, data FROM block WHERE first <= $1 ORDER "
			      "BY first DESC LIMIT 1",
			      &value, 1, &rows, err) &&
		    sql_next(rows, &row, &more, err);

	if (good && !more)
		good = fail(err, ERROR_PARSE,
			    "the store is damaged: no block holds entry %lld; see `assay store "
			    "verify`",
			    (long long)sequence);
	good = good && fill_block(store, block, sequence, row, err);
	sql_rows_close(rows);
	return good;
}

bool block_of(struct store *store, int64_t sequence, struct block **ret_block, struct error *err)
{
	struct block *block = NULL;

	for (unsigned i = 0; i < BLOCKS_KEPT && !block; i++) {
		if (store->blocks[i].first != 0 && store->blocks[i].first <= sequence &&
		    sequence <= store->blocks[i].last)
			block = &store->blocks[i];
	}
	if (!block) {
		block = place_for(store);
		if (!block)
			return fail(err, ERROR_LIMIT, "more than %d cursors of one store are open",
				    BLOCKS_KEPT);
		if (!read_block(store, block, sequence, err)) {
			block->first = block->last = 0;
			return false;
		}
	}
	block->used = ++store->clock;
	*ret_block = block;
	return true;
}

void blocks_forget(struct store *store)
{
	for (unsigned i = 0; i < BLOCKS_KEPT; i++) {
		if (store->blocks[i].pins == 0)
			store->blocks[i].first = store->blocks[i].last = 0;
	}
}

bool batch_take(const struct sql_value *row, struct batch_row *ret_batch, struct error *err)
{
	if (row[2].integer < 0 || row[2].integer >= STORE_STREAM_COUNT ||
	    row[4].bytes.length > STORE_KEY_MAXIMUM || row[5].bytes.length != STORE_LINK_BYTES ||
	    row[6].bytes.length != STORE_LINK_BYTES)
		return fail(err, ERROR_PARSE,
			    "the store is damaged: the batch of entry %lld is not well-formed",
			    (long long)row[0].integer);
	*ret_batch = (struct batch_row){
		.first = row[0].integer,
		.last = row[1].integer,
		.stream = (enum store_stream)row[2].integer,
		.taken = row[3].integer,
	};
	memcpy(ret_batch->party, row[4].bytes.at, row[4].bytes.length);
	memcpy(ret_batch->digest, row[5].bytes.at, STORE_LINK_BYTES);
	memcpy(ret_batch->link, row[6].bytes.at, STORE_LINK_BYTES);
	return true;
}

static bool one_batch(struct store *store, const char *question, const struct sql_value *value,
		      struct batch_row *ret_batch, bool *ret_found, struct error *err)
{
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	bool good = sql_query(store->sql, question, value, value ? 1 : 0, &rows, err) &&
		    sql_next(rows, &row, ret_found, err) &&
		    (!*ret_found || batch_take(row, ret_batch, err));

	sql_rows_close(rows);
	return good;
}

bool batch_of(struct store *store, int64_t sequence, struct batch_row *ret_batch, bool *ret_found,
	      struct error *err)
{
	const struct sql_value value = sql_integer(sequence);

	if (!one_batch(store,
		       "SELECT first, last, stream, taken, party, digest, link FROM batch WHERE "
		       "first <= $1 ORDER BY first DESC LIMIT 1",
		       &value, ret_batch, ret_found, err))
		return false;
	*ret_found = *ret_found && sequence <= ret_batch->last;
	return true;
}

bool batch_last(struct store *store, struct batch_row *ret_batch, bool *ret_found,
		struct error *err)
{
	return one_batch(store,
			 "SELECT first, last, stream, taken, party, digest, link FROM batch ORDER "
			 "BY first DESC LIMIT 1",
			 NULL, ret_batch, ret_found, err);
}

static void hash_number(struct hashing *hashing, int64_t number)
{
	char bytes[8];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)((uint64_t)number >> 8 * i);
	hash_more(hashing, (struct span){ bytes, sizeof(bytes) });
}

static void hash_text(struct hashing *hashing, const char *text)
{
	hash_more(hashing, span_of(text));
	hash_more(hashing, SPAN("\n"));
}

void batch_link(const uint8_t before[STORE_LINK_BYTES], const struct batch_row *batch,
		uint8_t ret_link[STORE_LINK_BYTES])
{
	struct hashing hashing;

	hash_start(&hashing);
	hash_more(&hashing, (struct span){ (const char *)before, STORE_LINK_BYTES });
	hash_text(&hashing, store_stream_names[batch->stream]);
	hash_number(&hashing, batch->first);
	hash_number(&hashing, batch->taken);
	hash_text(&hashing, batch->party);
	hash_more(&hashing, (struct span){ (const char *)batch->digest, STORE_LINK_BYTES });
	hash_end(&hashing, ret_link);
}
