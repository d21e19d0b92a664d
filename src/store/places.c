#include <stdlib.h>
#include <string.h>

#include "store/store_parts.h"

enum {
	BLOCK_COLUMNS = 4,
	PLACE_COLUMNS = 2,
	BLOCKS_AT_ONCE = 512, /* of about 3 KiB each, packed */
};

static int by_number(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return a < b ? -1 : a > b;
}

/* Adds the ids of the subject and of all that stand above it. */
static bool add_places(struct store *store, enum store_stream stream, struct span subject,
		       struct arena *arena, struct places *places, struct error *err)
{
	for (size_t end = 0; end < subject.length; end++) {
		const char *slash;
		int64_t id;

		slash = memchr(subject.at + end, '/', subject.length - end);
		end = slash ? (size_t)(slash - subject.at) : subject.length;
		if (!names_subject(store->names, stream, (struct span){ subject.at, end }, true,
				   &id, err))
			return false;
		if (places->count == places->room) {
			size_t room = places->room ? 2 * places->room : 64;
			int64_t *larger = ARENA_ARRAY(arena, int64_t, room);

			if (places->count > 0)
				memcpy(larger, places->ids, places->count * sizeof(*larger));
			places->ids = larger;
			places->room = room;
		}
		places->ids[places->count++] = id;
	}
	return true;
}

static void add_place(struct block_rows *rows, int64_t subject, int64_t block)
{
	if (rows->place_count == rows->place_room) {
		size_t room = rows->place_room ? 2 * rows->place_room : 1024;
		struct sql_value *larger =
			ARENA_ARRAY(&rows->arena, struct sql_value, PLACE_COLUMNS * room);

		if (rows->place_count > 0)
			memcpy(larger, rows->places,
			       PLACE_COLUMNS * rows->place_count * sizeof(*larger));
		rows->places = larger;
		rows->place_room = room;
	}
	rows->places[PLACE_COLUMNS * rows->place_count] = sql_integer(subject);
	rows->places[PLACE_COLUMNS * rows->place_count++ + 1] = sql_integer(block);
}

/* Each subject once. */
static void add_places_of(struct block_rows *rows, const struct block_draft *draft)
{
	const struct places *places = draft->places;

	if (places->count > 0)
		qsort(places->ids, places->count, sizeof(*places->ids), by_number);
	for (size_t i = 0; i < places->count; i++) {
		if (i == 0 || places->ids[i] != places->ids[i - 1])
			add_place(rows, places->ids[i], draft->first);
	}
}

bool block_rows_add(struct block_rows *rows, const struct block_draft *draft, struct error *err)
{
	struct text packed = { .maximum = PACK_BYTES_MAXIMUM };
	struct sql_value *block;

	if (rows->block_count == BLOCKS_AT_ONCE && !block_rows_send(rows, err))
		return false;
	if (!rows->blocks)
		rows->blocks =
			ARENA_ARRAY(&rows->arena, struct sql_value, BLOCK_COLUMNS * BLOCKS_AT_ONCE);
	pack_close(rows->store->packer, draft->text, &packed);
	block = rows->blocks + BLOCK_COLUMNS * rows->block_count++;
	block[0] = sql_integer(draft->first);
	block[1] = sql_integer(draft->last);
	block[2] = sql_integer(draft->stream);
	block[3] = sql_bytes((struct span){
		memcpy(arena_take(&rows->arena, packed.length), packed.at, packed.length),
		packed.length });
	text_release(&packed);
	add_places_of(rows, draft);
	return true;
}

bool block_rows_send(struct block_rows *rows, struct error *err)
{
	static const char *const block_columns[] = { "first", "last", "stream", "data" };
	static const char *const place_columns[] = { "subject", "block" };
	static const struct sql_table block = { "block", block_columns, BLOCK_COLUMNS },
				      place = { "place", place_columns, PLACE_COLUMNS };
	struct sql *sql = rows->store->sql;
	const bool good = sql_insert(sql, &block, rows->blocks, rows->block_count, err) &&
			  sql_insert(sql, &place, rows->places, rows->place_count, err);

	arena_clear(&rows->arena);
	*rows = (struct block_rows){ .store = rows->store, .arena = rows->arena };
	return good;
}

void block_rows_release(struct block_rows *rows)
{
	arena_release(&rows->arena);
}

bool places_add(struct store *store, enum store_stream stream, const char *subject,
		struct arena *arena, struct places *places, struct error *err)
{
	if (places->last && subject && strcmp(places->last, subject) == 0)
		return true;
	places->last = subject;
	return add_places(store, stream, span_of(subject), arena, places, err);
}
