#include <string.h>

#include "store/store_parts.h"

enum {
	GROUPS_AT_ONCE = 64,                    /* in one transaction */
	SMALL_BYTES = PACK_TEXT_TARGET * 3 / 4, /* of text; longer blocks stay as they are */
};

/* Neighbouring blocks that become one. */
struct group {
	struct store *store;
	enum store_stream stream;
	int64_t first, last;
	unsigned blocks;
	struct text text;
	struct places places;
	struct arena arena; /* of places, and of the subjects in them */
	struct block_rows rows;
};

static void start_group(struct group *group)
{
	text_clear(&group->text);
	arena_clear(&group->arena);
	group->places = (struct places){ 0 };
	group->blocks = 0;
}

static bool drop_places(struct group *group, struct error *err)
{
	for (size_t i = 0; i < group->places.count; i++) {
		const struct sql_value values[] = { sql_integer(group->places.ids[i]),
						    sql_integer(group->first),
						    sql_integer(group->last) };

		if (!sql_run(group->store->sql,
			     "DELETE FROM place WHERE subject = $1 AND block >= $2 AND block <= $3",
			     values, 3, NULL, err))
			return false;
	}
	return true;
}

/* Puts one block in the place of the group's. */
static bool close_group(struct group *group, unsigned *groups, struct error *err)
{
	const struct sql_value values[] = { sql_integer(group->first), sql_integer(group->last) };
	const struct block_draft draft = { .stream = group->stream,
					   .first = group->first,
					   .last = group->last,
					   .text = text_span(&group->text),
					   .places = &group->places };
	bool good = true;

	if (group->blocks > 1) {
		good = drop_places(group, err) &&
		       sql_run(group->store->sql,
			       "DELETE FROM block WHERE first >= $1 AND first <= $2", values, 2,
			       NULL, err) &&
		       block_rows_add(&group->rows, &draft, err);
		(*groups)++;
	}
	start_group(group);
	return good;
}

/* The texts that the entries are cut out of are gone with the block, so the subject is kept. */
static bool add_subjects(struct group *group, struct span text, struct arena *scratch,
			 struct error *err)
{
	struct packed_entry *entries = NULL;
	size_t count = 0;

	if (!unpack_entries(text, scratch, &entries, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *subject = entries[i].entry.subject;

		if (group->places.last && strcmp(group->places.last, subject) == 0)
			continue;
		subject = arena_string(&group->arena, span_of(subject));
		if (!places_add(group->store, group->stream, subject, &group->arena, &group->places,
				err))
			return false;
	}
	return true;
}

static bool add_block(struct group *group, const struct sql_value *row, unsigned *groups,
		      struct error *err)
{
	const int64_t first = row[0].integer, last = row[1].integer;
	const enum store_stream stream = (enum store_stream)row[2].integer;
	SCOPED_ARENA(scratch);
	struct span text;
	bool joins;

	if (!unpack(group->store->packer, row[3].bytes, &scratch, &text, err))
		return false;
	joins = group->blocks > 0 && stream == group->stream && first == group->last + 1 &&
		text.length < SMALL_BYTES && group->text.length + text.length <= PACK_TEXT_TARGET;
	if (!joins && !close_group(group, groups, err))
		return false;
	if (group->blocks == 0) {
		group->first = first;
		group->stream = stream;
	}
	group->last = last;
	group->blocks++;
	text_add_span(&group->text, text);
	return add_subjects(group, text, &scratch, err);
}

/* The first block behind `after`, copied into the arena. */
static bool next_block(struct store *store, int64_t after, struct arena *arena,
		       struct sql_value ret_row[4], bool *ret_more, struct error *err)
{
	const struct sql_value value = sql_integer(after);
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	bool good = sql_query(store->sql,
			      "SELECT first, last, stream, data FROM block WHERE first > $1 ORDER "
			      "BY first LIMIT 1",
			      &value, 1, &rows, err) &&
		    sql_next(rows, &row, ret_more, err);

	if (good && *ret_more) {
		memcpy(ret_row, row, 4 * sizeof(*row));
		ret_row[3].bytes.at = memcpy(arena_take(arena, row[3].bytes.length),
					     row[3].bytes.at, row[3].bytes.length);
	}
	sql_rows_close(rows);
	return good;
}

/* Goes on behind *after until it has made enough groups for one transaction. */
static bool pack_some(struct store *store, struct group *group, int64_t *after, bool *ret_more,
		      struct error *err)
{
	unsigned groups = 0;
	SCOPED_ARENA(arena);

	*ret_more = true;
	while (groups < GROUPS_AT_ONCE) {
		struct sql_value row[4];

		arena_clear(&arena);
		if (!next_block(store, *after, &arena, row, ret_more, err))
			return false;
		if (!*ret_more)
			break;
		*after = row[0].integer;
		if (!add_block(group, row, &groups, err))
			return false;
	}
	return close_group(group, &groups, err) && block_rows_send(&group->rows, err);
}

static bool pack_all(struct store *store, struct error *err)
{
	struct group group = { .store = store,
			       .text = { .maximum = PACK_TEXT_MAXIMUM },
			       .rows = { .store = store } };
	int64_t after = 0;
	bool more = true, good = true;

	while (good && more) {
		good = sql_begin(store->sql, err);
		if (!good)
			break;
		start_group(&group);
		good = pack_some(store, &group, &after, &more, err) &&
		       names_flush(store->names, err) && sql_commit(store->sql, err);
		if (!good) {
			sql_rollback(store->sql);
			names_forget(store->names);
		}
	}
	blocks_forget(store);
	text_release(&group.text);
	arena_release(&group.arena);
	block_rows_release(&group.rows);
	return good;
}

/* What only the database can do. Rows come to the indices of PostgreSQL in no order, which leaves
 * their pages half full; made anew they are full. Each is locked meanwhile, as a file of SQLite is.
 */
static bool tidy_database(struct store *store, struct error *err)
{
	static const char *const of_sqlite[] = { "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)",
						 NULL };
	static const char *const of_postgresql[] = { "VACUUM", "REINDEX TABLE entry",
						     "REINDEX TABLE place", NULL };
	const char *const *scripts = sql_kind(store->sql) == SQL_SQLITE ? of_sqlite : of_postgresql;

	for (; *scripts; scripts++) {
		if (!sql_script(store->sql, *scripts, err))
			return false;
	}
	return true;
}

bool store_compact(struct store *store, int64_t *ret_bytes_before, int64_t *ret_bytes_after,
		   struct error *err)
{
	struct store_counts before, after;

	if (!store_count(store, &before, err) || !pack_all(store, err) ||
	    !tidy_database(store, err) || !store_count(store, &after, err))
		return false;
	*ret_bytes_before = before.bytes;
	*ret_bytes_after = after.bytes;
	return true;
}
