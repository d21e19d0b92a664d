#include <string.h>

#include "evidence/record.h"
#include "store/intake.h"

enum {
	KEY_HASH_BITS = 40,
	KEY_STEM_BITS = 21,
	STEM_BITS = 60,
	ALIKE_MINIMUM = 8, /* ids that begin alike, for a question of their own */
};

/* What stands before the last run of digits and letters: ids of one origin share it. */
static size_t stem_length(const char *id)
{
	size_t length = strlen(id);

	while (length > 0 && strchr(".:/#-_", id[length - 1]) == NULL)
		length--;
	return length;
}

/* FNV-1a */
static uint64_t hash_stem(const char *id)
{
	uint64_t stem = 0xcbf29ce484222325u;

	for (size_t i = 0, end = stem_length(id); i < end; i++)
		stem = (stem ^ (unsigned char)id[i]) * 0x100000001b3u;
	return stem ^ stem >> 32;
}

int64_t id_stem(enum store_stream stream, const char *id)
{
	return (int64_t)((uint64_t)stream << STEM_BITS |
			 (hash_stem(id) & (((uint64_t)1 << STEM_BITS) - 1)));
}

int64_t id_key(enum store_stream stream, const char *id)
{
	uint8_t hash[RECORD_HASH_BYTES];
	uint64_t stem = hash_stem(id), whole;

	hash_bytes(span_of(id), hash);
	memcpy(&whole, hash, sizeof(whole));
	whole &= ((uint64_t)1 << KEY_HASH_BITS) - 1;
	stem &= ((uint64_t)1 << KEY_STEM_BITS) - 1;
	return (int64_t)((uint64_t)stream << (KEY_STEM_BITS + KEY_HASH_BITS) |
			 stem << KEY_HASH_BITS | whole);
}

int intake_by_key(const void *left, const void *right)
{
	const struct intake *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static bool same_line(const struct store_entry *a, const struct store_entry *b)
{
	return span_equal(a->line, b->line);
}

static bool refuse_other_bytes(const char *id, enum store_stream stream, struct error *err)
{
	return fail(err, ERROR_CONFLICT,
		    "id '%s' is in %s already, with other content; nothing of this batch was "
		    "taken, give what is new an id of its own",
		    id, store_stream_names[stream]);
}

/* An id twice in the batch: the same bytes count once. Items are by key. */
static bool check_among(struct intakes *intakes, struct error *err)
{
	for (size_t i = 0; i < intakes->count; i++) {
		struct intake *one = &intakes->items[i];
		const struct store_entry *entry = entry_of(intakes, one);

		for (size_t j = i; entry->id && j > 0 && intakes->items[j - 1].key == one->key;
		     j--) {
			const struct store_entry *other = entry_of(intakes, &intakes->items[j - 1]);

			if (!other->id || strcmp(entry->id, other->id) != 0)
				continue;
			if (!same_line(entry, other))
				return refuse_other_bytes(entry->id, intakes->batch->stream, err);
			one->known = true;
		}
	}
	return true;
}

bool intakes_check_against(struct intakes *intakes, int64_t key, int64_t sequence,
			   struct error *err)
{
	struct intake wanted = { .key = key }, *at = intakes->items;
	size_t low = 0, high = intakes->count;
	struct block *block;
	const struct packed_entry *there;
	SCOPED_TEXT(scratch);
	struct span line;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (intakes->items[middle].key < wanted.key)
			low = middle + 1;
		else
			high = middle;
	}
	if (!block_of(intakes->store, sequence, &block, err))
		return false;
	there = &block->entries[sequence - block->first];
	line = unpack_line(there, &scratch);
	for (at += low; low < intakes->count && at->key == key; low++, at++) {
		const struct store_entry *entry = entry_of(intakes, at);

		if (!entry->id || !there->entry.id || strcmp(entry->id, there->entry.id) != 0)
			continue;
		if (!span_equal(entry->line, line))
			return refuse_other_bytes(entry->id, intakes->batch->stream, err);
		at->known = true;
	}
	return true;
}

const char *question_with_list(struct arena *arena, const char *head, size_t count)
{
	SCOPED_TEXT(words);

	text_add(&words, head);
	for (size_t i = 0; i < count; i++)
		text_format(&words, "%s$%zu", i ? ", " : " (", i + 1);
	text_add(&words, ")");
	return arena_string(arena, text_span(&words));
}

struct hit {
	int64_t key, sequence;
};

/* Looks up as many keys as one statement takes. */
static bool look_up(struct intakes *intakes, const char *question, const struct sql_value *keys,
		    struct arena *arena, struct error *err)
{
	struct sql_rows *rows = NULL;
	const struct sql_value *row = NULL;
	struct hit *hits = NULL;
	size_t count = 0, room = 0;
	bool more = true, good;

	good = sql_query(intakes->store->sql, question, keys, WANTED_AT_ONCE, &rows, err);
	while (good && (good = sql_next(rows, &row, &more, err)) && more) {
		if (count == room) {
			size_t larger = room ? 2 * room : WANTED_AT_ONCE;
			struct hit *grown = ARENA_ARRAY(arena, struct hit, larger);

			if (count > 0)
				memcpy(grown, hits, count * sizeof(*hits));
			hits = grown;
			room = larger;
		}
		hits[count++] = (struct hit){ row[0].integer, row[1].integer };
	}
	sql_rows_close(rows);
	for (size_t i = 0; good && i < count; i++)
		good = intakes_check_against(intakes, hits[i].key, hits[i].sequence, err);
	return good;
}

/* How many items from `from` on have ids that begin alike. */
static size_t count_alike(const struct intakes *intakes, size_t from)
{
	const int64_t stem = intakes->items[from].key >> KEY_HASH_BITS;
	size_t end = from;

	while (end < intakes->count && intakes->items[end].key >> KEY_HASH_BITS == stem)
		end++;
	return end - from;
}

/* Whether the store has any id that begins like that of the item. */
static bool has_alike(const struct intakes *intakes, size_t at, bool *ret_has, struct error *err)
{
	const int64_t stem = intakes->items[at].key >> KEY_HASH_BITS;
	const struct sql_value range[] = {
		sql_integer((int64_t)((uint64_t)stem << KEY_HASH_BITS)),
		sql_integer((int64_t)(((uint64_t)stem + 1) << KEY_HASH_BITS) - 1),
	};
	int64_t found = 0;

	if (!sql_ask(intakes->store->sql,
		     "SELECT sequence FROM id WHERE key >= $1 AND key <= $2 ORDER BY key LIMIT 1",
		     range, 2, &found, err))
		return false;
	*ret_has = found != 0;
	return true;
}

bool intakes_check_ids(struct intakes *intakes, struct error *err)
{
	struct sql_value keys[WANTED_AT_ONCE];
	SCOPED_ARENA(arena);
	const char *question = question_with_list(
		&arena, "SELECT key, sequence FROM id WHERE key IN", WANTED_AT_ONCE);
	SCOPED_ARENA(scratch);
	size_t filled = 0, alike = 0;
	int64_t before = 0;
	bool ask = true;

	if (!check_among(intakes, err) || !runs_check(intakes, err))
		return false;
	for (size_t i = 0; i < intakes->count; i++) {
		const struct intake *one = &intakes->items[i];

		/* Most often a run is new as a whole, which one question tells of all its ids. */
		if (alike == 0) {
			alike = count_alike(intakes, i);
			ask = true;
			if (alike >= ALIKE_MINIMUM && !has_alike(intakes, i, &ask, err))
				return false;
		}
		alike--;
		if (!ask || !entry_of(intakes, one)->id || (filled > 0 && one->key == before))
			continue;
		keys[filled++] = sql_integer(one->key);
		before = one->key;
		if (filled < WANTED_AT_ONCE)
			continue;
		if (!look_up(intakes, question, keys, &scratch, err))
			return false;
		arena_clear(&scratch);
		filled = 0;
	}
	for (size_t i = filled; filled > 0 && i < WANTED_AT_ONCE; i++)
		keys[i] = keys[filled - 1];
	return filled == 0 || look_up(intakes, question, keys, &scratch, err);
}
