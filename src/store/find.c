#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/acts.h"
#include "store/asking.h"
#include "store/store_parts.h"

/* Three ways to what a query finds. Everything below a subject lies in blocks that `place` lists in
 * their order: they are unpacked one by one and what does not fit is left out. Where a measure or a
 * device is asked for too, few of those entries fit; then the series that fit name them, and blocks
 * are unpacked for these alone. The newest of each series is the third. */

enum {
	HELD_LEAST = 64, /* sequences that are asked for at once; four times as many each time */
	HELD_MOST = 1 << 16,
	SERIES_MAXIMUM = 5000, /* more of them fit: then they are no short way */
};

enum way {
	WAY_BLOCKS,
	WAY_SERIES,
	WAY_NEWEST,
	WAY_ONE,
};

struct store_cursor {
	struct store *store;
	enum way way;
	struct store_query query; /* its texts are in the arena */
	struct series_asked asked;
	int64_t bound, position; /* the last sequence that is seen; what was given last */
	size_t left;
	/* Entries, or first entries of blocks, that come next. */
	int64_t *held, *places;
	size_t held_count, held_at, held_room;
	bool held_all;
	bool any_withdrawn;  /* of the whole store */
	struct block *block; /* pinned */
	size_t at;           /* in the block */
	struct batch_row batch;
	struct text line;
	struct arena arena;
};

static const char *copy(struct arena *arena, const char *text)
{
	return text ? arena_string(arena, span_of(text)) : NULL;
}

static void unpin(struct store_cursor *cursor)
{
	if (cursor->block)
		cursor->block->pins--;
	cursor->block = NULL;
}

static bool pin(struct store_cursor *cursor, int64_t sequence, struct error *err)
{
	unpin(cursor);
	if (!block_of(cursor->store, sequence, &cursor->block, err)) {
		cursor->block = NULL;
		return false;
	}
	cursor->block->pins++;
	return true;
}

/* ---- what fits ---- */

static bool is_below(const char *subject, const char *top)
{
	size_t length = strlen(top);

	return length == 0 || (strncmp(subject, top, length) == 0 &&
			       (subject[length] == '\0' || subject[length] == '/'));
}

static bool fits_what(const char *what, const char *wanted)
{
	size_t length = strlen(wanted);

	if (length > 1 && strcmp(wanted + length - 2, ".*") == 0)
		return strncmp(what, wanted, length - 1) == 0;
	return strcmp(what, wanted) == 0;
}

static bool fits(const struct store_query *query, const struct store_entry *entry)
{
	if (query->subject && !is_below(entry->subject, query->subject))
		return false;
	if (query->what && !fits_what(entry->what, query->what))
		return false;
	if (query->device && (!entry->device || strcmp(entry->device, query->device) != 0))
		return false;
	if (query->id && (!entry->id || strcmp(entry->id, query->id) != 0))
		return false;
	return (query->since == 0 || entry->time >= query->since) &&
	       (query->until == 0 || entry->time <= query->until);
}

/* ---- what comes next ---- */

static void write_question(const struct store_cursor *cursor, struct asking *asking)
{
	const struct store_query *query = &cursor->query;
	const bool down = query->newest_first;

	switch (cursor->way) {
	case WAY_SERIES:
		asking_add(asking, "SELECT e.sequence FROM entry e WHERE e.series IN (");
		asking_series(asking, &cursor->asked);
		asking_add(asking, ")");
		asking_entries(asking, query, cursor->bound);
		asking_integer(asking, down ? " AND e.sequence < " : " AND e.sequence > ",
			       cursor->position);
		asking_add(asking, down ? " ORDER BY e.sequence DESC" : " ORDER BY e.sequence");
		break;
	case WAY_NEWEST:
		asking_add(asking, "SELECT (SELECT e.sequence FROM entry e WHERE e.series = a.id");
		asking_entries(asking, query, cursor->bound);
		asking_add(asking, " ORDER BY e.time DESC, e.sequence DESC LIMIT 1), a.id FROM (");
		asking_series(asking, &cursor->asked);
		asking_integer(asking, " AND id > ", cursor->position);
		asking_add(asking, " ORDER BY id");
		break;
	case WAY_BLOCKS:
	case WAY_ONE:
		if (cursor->asked.subject != 0)
			asking_integer(asking, "SELECT block FROM place WHERE subject = ",
				       cursor->asked.subject);
		else
			asking_integer(asking,
				       "SELECT first FROM block WHERE stream = ", query->stream);
		asking_add(asking, cursor->asked.subject ? " AND block " : " AND first ");
		asking_integer(asking, down ? "< " : "> ", cursor->position);
		asking_add(asking, cursor->asked.subject ? " ORDER BY block" : " ORDER BY first");
		asking_add(asking, down ? " DESC" : "");
		break;
	}
}

static bool hold(struct store_cursor *cursor, struct error *err)
{
	struct sql_rows *rows = NULL;
	const struct sql_value *row = NULL;
	SCOPED_ASKING(asking);
	bool more = true, good;

	cursor->held_at = cursor->held_count = 0;
	if (cursor->held_all)
		return true;
	if (cursor->held_room < HELD_MOST) {
		cursor->held_room = cursor->held_room ? 4 * cursor->held_room : HELD_LEAST;
		cursor->held = ARENA_ARRAY(&cursor->arena, int64_t, cursor->held_room);
		cursor->places = ARENA_ARRAY(&cursor->arena, int64_t, cursor->held_room);
	}
	write_question(cursor, &asking);
	asking_integer(&asking, " LIMIT ", (int64_t)cursor->held_room);
	if (cursor->way == WAY_NEWEST)
		asking_add(&asking, ") a ORDER BY a.id");
	good = sql_query(cursor->store->sql, text_string(&asking.words), asking.values,
			 asking.count, &rows, err);
	while (good && (good = sql_next(rows, &row, &more, err)) && more) {
		cursor->held[cursor->held_count] = row[0].type == SQL_NULL ? 0 : row[0].integer;
		cursor->places[cursor->held_count++] =
			cursor->way == WAY_NEWEST ? row[1].integer : row[0].integer;
	}
	sql_rows_close(rows);
	cursor->held_all = cursor->held_count < cursor->held_room;
	return good;
}

/* The next of what is held; *ret_more is false when nothing is left. */
static bool take_held(struct store_cursor *cursor, int64_t *ret_sequence, bool *ret_more,
		      struct error *err)
{
	if (cursor->held_at == cursor->held_count && !hold(cursor, err))
		return false;
	*ret_more = cursor->held_at < cursor->held_count;
	if (*ret_more) {
		*ret_sequence = cursor->held[cursor->held_at];
		cursor->position = cursor->places[cursor->held_at++];
	}
	return true;
}

/* ---- one entry ---- */

static bool give(struct store_cursor *cursor, int64_t sequence, struct store_found *ret_found,
		 struct error *err)
{
	struct packed_entry *packed = &cursor->block->entries[sequence - cursor->block->first];
	bool found = true;

	if (sequence < cursor->batch.first || sequence > cursor->batch.last) {
		if (!batch_of(cursor->store, sequence, &cursor->batch, &found, err))
			return false;
		if (!found)
			return fail(err, ERROR_PARSE,
				    "the store is damaged: entry %lld belongs to no batch; see "
				    "`assay store verify`",
				    (long long)sequence);
	}
	*ret_found = (struct store_found){
		.sequence = sequence,
		.place = cursor->way == WAY_NEWEST ? cursor->position : sequence,
		.entry = packed->entry,
		.party = cursor->batch.party,
		.taken = cursor->batch.taken,
		.batch = cursor->batch.first,
	};
	ret_found->entry.line = unpack_line(packed, &cursor->line);
	return !cursor->query.withdrawn_too || !cursor->any_withdrawn ||
	       is_withdrawn(cursor->store, sequence, cursor->bound, &ret_found->withdrawn, err);
}

/* Those that were withdrawn are left out, unless they are asked for. */
static bool is_left_out(struct store_cursor *cursor, int64_t sequence, bool *ret_out,
			struct error *err)
{
	*ret_out = false;
	return cursor->query.withdrawn_too || !cursor->any_withdrawn ||
	       is_withdrawn(cursor->store, sequence, cursor->bound, ret_out, err);
}

static bool next_listed(struct store_cursor *cursor, struct store_found *ret_found, bool *ret_more,
			struct error *err)
{
	int64_t sequence = 0;

	do {
		if (!take_held(cursor, &sequence, ret_more, err))
			return false;
	} while (*ret_more && sequence == 0);
	if (!*ret_more)
		return true;
	if (!cursor->block || sequence < cursor->block->first || sequence > cursor->block->last) {
		if (!pin(cursor, sequence, err))
			return false;
	}
	if (cursor->block->stream != cursor->query.stream ||
	    !fits(&cursor->query, &cursor->block->entries[sequence - cursor->block->first].entry))
		return fail(err, ERROR_PARSE,
			    "the store is damaged: entry %lld is not what its index says; see "
			    "`assay store verify`",
			    (long long)sequence);
	return give(cursor, sequence, ret_found, err);
}

/* The next entry of the block that fits; *ret_more is false at its end. */
static bool next_in_block(struct store_cursor *cursor, struct store_found *ret_found,
			  bool *ret_more, struct error *err)
{
	const struct store_query *query = &cursor->query;
	struct block *block = cursor->block;

	for (*ret_more = false; block && cursor->at < block->count;) {
		size_t at = query->newest_first ? block->count - 1 - cursor->at : cursor->at;
		int64_t sequence = block->first + (int64_t)at;
		bool beyond = query->after != 0 && (query->newest_first ? sequence >= query->after
									: sequence <= query->after);
		bool out = false;

		cursor->at++;
		if (beyond || sequence > cursor->bound || !fits(query, &block->entries[at].entry))
			continue;
		if (!is_left_out(cursor, sequence, &out, err))
			return false;
		if (out)
			continue;
		*ret_more = true;
		cursor->query.after = sequence;
		return give(cursor, sequence, ret_found, err);
	}
	return true;
}

static bool next_scanned(struct store_cursor *cursor, struct store_found *ret_found, bool *ret_more,
			 struct error *err)
{
	int64_t first = 0;

	for (;;) {
		if (!next_in_block(cursor, ret_found, ret_more, err))
			return false;
		if (*ret_more)
			return true;
		if (!take_held(cursor, &first, ret_more, err))
			return false;
		if (!*ret_more)
			return true;
		cursor->at = 0;
		if (!pin(cursor, first, err))
			return false;
		if (cursor->block->stream != cursor->query.stream)
			return fail(err, ERROR_PARSE,
				    "the store is damaged: block %lld is of another stream; see "
				    "`assay store verify`",
				    (long long)first);
	}
}

static bool next_one(struct store_cursor *cursor, struct store_found *ret_found, bool *ret_more,
		     struct error *err)
{
	const struct store_query *query = &cursor->query;
	int64_t sequence = 0;
	bool out = false;

	*ret_more = false;
	if (cursor->held_all)
		return true;
	cursor->held_all = true;
	if (!id_find(cursor->store, query->stream, query->id, &sequence, ret_more, err) ||
	    !*ret_more)
		return *ret_more == false && (!err || err->code == ERROR_NONE);
	if (!pin(cursor, sequence, err) || !is_left_out(cursor, sequence, &out, err))
		return false;
	*ret_more = !out && sequence <= cursor->bound && sequence > query->after &&
		    fits(query, &cursor->block->entries[sequence - cursor->block->first].entry);
	return !*ret_more || give(cursor, sequence, ret_found, err);
}

bool store_next(struct store_cursor *cursor, struct store_found *ret_found, bool *ret_more,
		struct error *err)
{
	bool good = true;

	*ret_more = false;
	if (cursor->left == 0 || cursor->asked.nothing || cursor->bound == 0)
		return true;
	switch (cursor->way) {
	case WAY_BLOCKS:
		good = next_scanned(cursor, ret_found, ret_more, err);
		break;
	case WAY_SERIES:
	case WAY_NEWEST:
		good = next_listed(cursor, ret_found, ret_more, err);
		break;
	case WAY_ONE:
		good = next_one(cursor, ret_found, ret_more, err);
		break;
	}
	cursor->left -= good && *ret_more;
	return good;
}

/* ---- opening ---- */

/* Whether few enough series fit. */
static bool is_short(struct store_cursor *cursor, bool *ret_short, struct error *err)
{
	SCOPED_ASKING(asking);
	int64_t count = 0;

	asking_add(&asking, "SELECT count(*) FROM (");
	asking_series(&asking, &cursor->asked);
	asking_integer(&asking, " LIMIT ", SERIES_MAXIMUM + 1);
	asking_add(&asking, ") a");
	if (!sql_ask(cursor->store->sql, text_string(&asking.words), asking.values, asking.count,
		     &count, err))
		return false;
	*ret_short = count <= SERIES_MAXIMUM;
	return true;
}

/* Where the blocks begin: at the one that holds the entry behind `after`. */
static bool start_blocks(struct store_cursor *cursor, struct error *err)
{
	const struct sql_value values[] = {
		sql_integer(cursor->asked.subject ? cursor->asked.subject : cursor->query.stream),
		sql_integer(cursor->query.after + 1)
	};
	int64_t first = 0;

	if (cursor->query.newest_first) {
		cursor->position = cursor->query.after ? cursor->query.after : INT64_MAX;
		return true;
	}
	if (!sql_ask(cursor->store->sql,
		     cursor->asked.subject
			     ? "SELECT max(block) FROM place WHERE subject = $1 AND block <= $2"
			     : "SELECT max(first) FROM block WHERE stream = $1 AND first <= $2",
		     values, 2, &first, err))
		return false;
	cursor->position = first > 0 ? first - 1 : 0;
	return true;
}

static bool choose_way(struct store_cursor *cursor, struct error *err)
{
	const struct store_query *query = &cursor->query;
	bool is_few = false;

	if (query->id) {
		cursor->way = WAY_ONE;
		return true;
	}
	if ((query->what || query->device) && !is_short(cursor, &is_few, err))
		return false;
	cursor->way = is_few ? WAY_SERIES : WAY_BLOCKS;
	if (!is_few)
		return start_blocks(cursor, err);
	cursor->position = query->after;
	if (query->newest_first && query->after == 0)
		cursor->position = INT64_MAX;
	return true;
}

static bool open_cursor(struct store *store, const struct store_query *query, bool newest,
			struct store_cursor **ret_cursor, struct error *err)
{
	struct store_cursor *cursor = calloc(1, sizeof(*cursor));
	int64_t withdrawn = 0;

	if (!cursor)
		memory_exhausted(sizeof(*cursor));
	cursor->store = store;
	cursor->query = *query;
	cursor->query.id = copy(&cursor->arena, query->id);
	cursor->query.subject = copy(&cursor->arena, query->subject);
	cursor->query.what = copy(&cursor->arena, query->what);
	cursor->query.device = copy(&cursor->arena, query->device);
	cursor->left = query->limit ? query->limit : SIZE_MAX;
	if (!query_bound(store, query, &cursor->bound, err) ||
	    !sql_ask(store->sql, "SELECT max(sequence) FROM withdrawn", NULL, 0, &withdrawn, err) ||
	    !series_resolve(store, query, &cursor->arena, &cursor->asked, err)) {
		store_cursor_close(cursor);
		return false;
	}
	cursor->any_withdrawn = withdrawn != 0;
	cursor->way = WAY_NEWEST;
	cursor->position = query->after;
	if (!newest && !cursor->asked.nothing && !choose_way(cursor, err)) {
		store_cursor_close(cursor);
		return false;
	}
	*ret_cursor = cursor;
	return true;
}

bool store_find(struct store *store, const struct store_query *query,
		struct store_cursor **ret_cursor, struct error *err)
{
	return open_cursor(store, query, false, ret_cursor, err);
}

bool store_newest(struct store *store, const struct store_query *query,
		  struct store_cursor **ret_cursor, struct error *err)
{
	return open_cursor(store, query, true, ret_cursor, err);
}

void store_cursor_close(struct store_cursor *cursor)
{
	if (!cursor)
		return;
	unpin(cursor);
	text_release(&cursor->line);
	arena_release(&cursor->arena);
	free(cursor);
}

bool store_find_id(struct store *store, enum store_stream stream, const char *id,
		   struct arena *arena, struct store_found *ret_found, struct error *err)
{
	const struct store_query query = { .stream = stream, .id = id, .withdrawn_too = true };
	struct store_cursor *cursor = NULL;
	bool is_there = false;
	bool good = store_find(store, &query, &cursor, err) &&
		    store_next(cursor, ret_found, &is_there, err);

	if (!good || !is_there) {
		*ret_found = (struct store_found){ 0 };
	} else {
		struct store_entry *entry = &ret_found->entry;

		entry->line = span_of(arena_string(arena, entry->line));
		entry->id = copy(arena, entry->id);
		entry->subject = copy(arena, entry->subject);
		entry->what = copy(arena, entry->what);
		entry->device = copy(arena, entry->device);
		ret_found->party = copy(arena, ret_found->party);
	}
	store_cursor_close(cursor);
	return good;
}
