#include <stdlib.h>
#include <string.h>

#include "store/store_parts.h"

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

/* Each subject once, all in one call. */
static bool write_places(struct store *store, struct places *places, struct sql_value block,
			 struct error *err)
{
	static const char *const columns[] = { "subject", "block" };
	static const struct sql_table table = { "place", columns, 2 };
	SCOPED_ARENA(arena);
	struct sql_value *values = ARENA_ARRAY(&arena, struct sql_value, 2 * places->count + 1);
	size_t count = 0;

	if (places->count > 0)
		qsort(places->ids, places->count, sizeof(*places->ids), by_number);
	for (size_t i = 0; i < places->count; i++) {
		if (i > 0 && places->ids[i] == places->ids[i - 1])
			continue;
		values[2 * count] = sql_integer(places->ids[i]);
		values[2 * count++ + 1] = block;
	}
	return sql_insert(store->sql, &table, values, count, err);
}

bool block_write(struct store *store, const struct block_draft *draft, struct error *err)
{
	static const char *const columns[] = { "first", "last", "stream", "data" };
	static const struct sql_table table = { "block", columns, 4 };
	struct places *places = draft->places;
	const struct sql_value first = sql_integer(draft->first);
	struct text packed = { .maximum = PACK_BYTES_MAXIMUM };
	bool good;

	pack_close(store->packer, draft->text, &packed);
	good = sql_insert(store->sql, &table,
			  (const struct sql_value[]){ first, sql_integer(draft->last),
						      sql_integer(draft->stream),
						      sql_bytes(text_span(&packed)) },
			  1, err);
	text_release(&packed);
	return good && write_places(store, places, first, err);
}

bool places_add(struct store *store, enum store_stream stream, const char *subject,
		struct arena *arena, struct places *places, struct error *err)
{
	if (places->last && subject && strcmp(places->last, subject) == 0)
		return true;
	places->last = subject;
	return add_places(store, stream, span_of(subject), arena, places, err);
}
