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

/* Items whose ids begin alike, one behind another. */
struct group {
	int64_t first_key; /* the least that such an id can have */
	size_t from, count;
	bool asks; /* whether the store may have any of them */
};

struct groups {
	struct group *items;
	size_t count;
};

static int64_t first_key_of(const struct intakes *intakes, size_t at)
{
	return (int64_t)((uint64_t)intakes->items[at].key >> KEY_HASH_BITS << KEY_HASH_BITS);
}

static void find_groups(const struct intakes *intakes, struct arena *arena, struct groups *groups)
{
	groups->items = ARENA_ARRAY(arena, struct group, intakes->count);
	for (size_t i = 0, end; i < intakes->count; i = end) {
		const int64_t first_key = first_key_of(intakes, i);

		for (end = i + 1; end < intakes->count && first_key_of(intakes, end) == first_key;)
			end++;
		groups->items[groups->count++] =
			(struct group){ first_key, i, end - i, end - i < ALIKE_MINIMUM };
	}
}

/* That the store has an id that begins like those of the group. */
static void mark_group(struct groups *groups, int64_t first_key)
{
	size_t low = 0, high = groups->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (groups->items[middle].first_key < first_key)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < groups->count && groups->items[low].first_key == first_key)
		groups->items[low].asks = true;
}

/* Values as a table, whose column both databases call column1. */
static const char *question_of_groups(struct arena *arena, size_t count)
{
	SCOPED_TEXT(words);

	text_add(&words, "SELECT column1 FROM (VALUES ");
	for (size_t i = 0; i < count; i++)
		text_format(&words, "%s(CAST($%zu AS BIGINT))", i ? ", " : "", i + 1);
	text_format(&words,
		    ") AS wanted WHERE EXISTS (SELECT 1 FROM id WHERE key >= column1 AND key <= "
		    "column1 + %lld)",
		    ((long long)1 << KEY_HASH_BITS) - 1);
	return arena_string(arena, text_span(&words));
}

/* Which of these groups, as many as one statement takes, the store may have an id of. There are
 * two statements: most batches are of one run. */
static bool ask_of_groups(struct intakes *intakes, struct sql_value *first_keys, size_t count,
			  struct groups *groups, struct error *err)
{
	const size_t asked = count == 1 ? 1 : WANTED_AT_ONCE;
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	bool more = true, good;
	SCOPED_ARENA(arena);

	for (; count < asked; count++)
		first_keys[count] = first_keys[count - 1];
	good = sql_query(intakes->store->sql, question_of_groups(&arena, asked), first_keys, asked,
			 &rows, err);
	while (good && (good = sql_next(rows, &row, &more, err)) && more)
		mark_group(groups, row[0].integer);
	sql_rows_close(rows);
	return good;
}

/* Most often a run is new as a whole, which one question tells of all its ids. */
static bool check_groups(struct intakes *intakes, struct groups *groups, struct error *err)
{
	struct sql_value first_keys[WANTED_AT_ONCE];
	size_t filled = 0;

	for (size_t i = 0; i < groups->count; i++) {
		if (!groups->items[i].asks)
			first_keys[filled++] = sql_integer(groups->items[i].first_key);
		if (filled == 0 || (filled < WANTED_AT_ONCE && i + 1 < groups->count))
			continue;
		if (!ask_of_groups(intakes, first_keys, filled, groups, err))
			return false;
		filled = 0;
	}
	return true;
}

/* Holds those items against the store whose group asks for it. */
static bool check_items(struct intakes *intakes, const struct groups *groups, struct arena *arena,
			struct error *err)
{
	const char *question = question_with_list(
		arena, "SELECT key, sequence FROM id WHERE key IN", WANTED_AT_ONCE);
	struct sql_value keys[WANTED_AT_ONCE];
	SCOPED_ARENA(scratch);
	size_t filled = 0;

	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->items[i];

		for (size_t j = group->from; group->asks && j < group->from + group->count; j++) {
			const int64_t key = intakes->items[j].key;

			if (!entry_of(intakes, &intakes->items[j])->id ||
			    (filled > 0 && keys[filled - 1].integer == key))
				continue;
			keys[filled++] = sql_integer(key);
			if (filled < WANTED_AT_ONCE)
				continue;
			if (!look_up(intakes, question, keys, &scratch, err))
				return false;
			arena_clear(&scratch);
			filled = 0;
		}
	}
	for (size_t i = filled; filled > 0 && i < WANTED_AT_ONCE; i++)
		keys[i] = keys[filled - 1];
	return filled == 0 || look_up(intakes, question, keys, &scratch, err);
}

bool intakes_check_ids(struct intakes *intakes, struct error *err)
{
	SCOPED_ARENA(arena);
	struct groups groups = { 0 };

	if (!check_among(intakes, err) || !runs_check(intakes, err))
		return false;
	find_groups(intakes, &arena, &groups);
	return check_groups(intakes, &groups, err) && check_items(intakes, &groups, &arena, err);
}
