#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "store/store_parts.h"

enum {
	SECONDS_PER_DAY = 86400,
	BATCH_RECORDS = 20000, /* whose lines are held at once */
	LINES_BYTES_MAXIMUM = BATCH_RECORDS * 2048,
};

static void entry_of_record(const struct record *record, struct span line, struct arena *arena,
			    struct store_entry *ret_entry)
{
	*ret_entry = (struct store_entry){
		.line = line,
		.id = record->id,
		.subject = subject_name(&record->subject, SUBJECT_NODE + 1, arena),
		.what = record->what,
		.device = record->subject.parts[SUBJECT_DEVICE],
		.time = record->time ? record->time : (int64_t)record->observed * SECONDS_PER_DAY,
		.value = record->says == SAYS_VALUE ? record->value : (double)NAN,
	};
}

/* Lines of the records as entries; a line lies in the arena. */
static void make_entries(const struct record *const *records, size_t count, struct arena *arena,
			 struct store_entry *entries)
{
	SCOPED_TEXT(line);

	for (size_t i = 0; i < count; i++) {
		struct span kept;

		text_clear(&line);
		record_write(records[i], true, &line);
		kept = (struct span){ arena_string(arena, text_span(&line)), line.length };
		entry_of_record(records[i], kept, arena, &entries[i]);
	}
}

/* NOLINTNEXTLINE(readability-function-size): none of what it is given belongs together */
bool store_append_records(struct store *store, enum store_stream stream, const char *party,
			  int64_t now, const struct record *const *records, size_t count,
			  struct store_receipt *ret_receipt, struct error *err)
{
	SCOPED_ARENA(arena);
	struct store_batch batch = {
		.stream = stream, .party = party, .time = now, .count = count
	};
	struct store_entry *entries;

	if (!stream_has_records(stream))
		return fail(err, ERROR_INVALID, "%s are no records", store_stream_names[stream]);
	if (count > STORE_BATCH_MAXIMUM)
		return fail(err, ERROR_LIMIT, "a batch has %zu records; the limit is %d", count,
			    STORE_BATCH_MAXIMUM);
	entries = ARENA_ARRAY(&arena, struct store_entry, count + 1);
	make_entries(records, count, &arena, entries);
	batch.entries = entries;
	return store_append(store, &batch, ret_receipt, err);
}

/* Reads one entry as a record of the set, whose arena takes its text. */
static bool add_record(const struct store_found *found, struct arena *scratch,
		       struct text *canonical, const struct record_reading *how,
		       struct record *ret_record, struct error *err)
{
	const struct node *root = NULL;

	arena_clear(scratch);
	return json_read(found->entry.line, how->file, 0, scratch, &root, err) &&
	       record_read_sealed(root, how, canonical, ret_record, err);
}

bool store_load(struct store *store, const struct store_query *query, struct evidence_set *set,
		struct error *err)
{
	const struct record_reading how = { .file = "the store",
					    .schema_required = true,
					    .arena = &set->arena };
	const size_t before = set->count;
	struct store_cursor *cursor = NULL;
	struct store_found found;
	SCOPED_ARENA(scratch);
	SCOPED_TEXT(canonical);
	bool more = true, good;

	if (!stream_has_records(query->stream))
		return fail(err, ERROR_INVALID, "%s are no records",
			    store_stream_names[query->stream]);
	good = store_find(store, query, &cursor, err);
	while (good && (good = store_next(cursor, &found, &more, err)) && more) {
		/* Room grows by half, so that it is asked for seldom. */
		size_t grow = set->count == set->room ? set->count / 2 + 1024 : 1;

		if (set->count + grow > EVIDENCE_RECORDS_MAXIMUM)
			grow = 1;
		good = evidence_set_reserve(set, grow, how.file, err) &&
		       add_record(&found, &scratch, &canonical, &how, &set->records[set->count],
				  err);
		if (good)
			set->records[set->count++].line = (uint32_t)found.sequence;
	}
	store_cursor_close(cursor);
	if (!good)
		set->count = before;
	return good;
}
