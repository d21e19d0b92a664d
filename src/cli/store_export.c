#include <string.h>

#include "base/json.h"
#include "cli/stored.h"
#include "host/writer.h"

enum {
	PIECE_BYTES = 1 << 18,
	PIECE_BYTES_MAXIMUM = 1 << 20,
};

/* Lines on their way to --to, or to standard output. */
struct export
{
	const struct session *session;
	struct file_writer writer;
	struct text piece;
};

static bool pass_on(struct export *export, size_t least, struct error *err)
{
	if (!export->writer.is_open || export->piece.length < least)
		return true;
	if (!file_writer_add(&export->writer, text_span(&export->piece), err))
		return false;
	text_clear(&export->piece);
	return true;
}

/* The line alone, as it was taken in. */
static void write_plain(struct text *into, const struct store_found *found)
{
	text_add_span(into, found->entry.line);
	text_add_char(into, '\n');
}

static void put_value(struct json_writer *json, double value)
{
	char text[STORE_VALUE_TEXT];

	(void)store_write_value(value, text);
	json_key(json, "value");
	if (text[0] == '\0')
		json_put_null(json);
	else if (text[0] == 'x')
		json_put_string(json, text);
	else
		json_put_document(json, span_of(text));
}

/* The line comes last: its bytes are cut out again as they stand. */
static void write_whole(struct text *into, enum store_stream stream,
			const struct store_found *found)
{
	struct json_writer json = { .into = into };
	const struct store_entry *entry = &found->entry;

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/store-entry/v1");
	json_pair_integer(&json, "batch", found->batch);
	json_pair_string(&json, "device", entry->device);
	json_pair_string(&json, "id", entry->id);
	json_pair_string(&json, "party", found->party);
	json_pair_integer(&json, "sequence", found->sequence);
	json_pair_string(&json, "stream", store_stream_names[stream]);
	json_pair_string(&json, "subject", entry->subject);
	json_pair_integer(&json, "taken", found->taken);
	json_pair_integer(&json, "time", entry->time);
	put_value(&json, entry->value);
	json_pair_string(&json, "what", entry->what);
	json_key(&json, "line");
	json_put_document(&json, entry->line);
	json_close_object(&json);
	text_add_char(into, '\n');
}

static struct text *place_of(struct export *export)
{
	return export->writer.is_open ? &export->piece : export->session->output;
}

static bool export_stream(struct export *export, struct store *store, const char *name,
			  struct error *err)
{
	struct store_query query = { .known_until = export->session->options->known_at };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	unsigned stream = 0;
	bool more = true, good;

	while (stream < STORE_STREAM_COUNT && strcmp(name, store_stream_names[stream]) != 0)
		stream++;
	if (stream == STORE_STREAM_COUNT)
		return fail(err, ERROR_INVALID,
			    "there is no stream '%s'; they are evidence, nodes, quotes, ratings, "
			    "answers and acts",
			    name);
	query.stream = (enum store_stream)stream;
	good = store_find(store, &query, &cursor, err);
	while (good && (good = store_next(cursor, &found, &more, err)) && more) {
		write_plain(place_of(export), &found);
		good = pass_on(export, PIECE_BYTES, err);
	}
	store_cursor_close(cursor);
	return good;
}

/* All streams at once, each with its next entry. */
struct merge {
	struct store_cursor *cursors[STORE_STREAM_COUNT];
	struct store_found found[STORE_STREAM_COUNT];
	bool more[STORE_STREAM_COUNT];
};

static bool merge_open(struct merge *merge, const struct session *session, struct store *store,
		       struct error *err)
{
	for (unsigned i = 0; i < STORE_STREAM_COUNT; i++) {
		const struct store_query query = { .stream = (enum store_stream)i,
						   .known_until = session->options->known_at,
						   .withdrawn_too = true };

		if (!store_find(store, &query, &merge->cursors[i], err) ||
		    !store_next(merge->cursors[i], &merge->found[i], &merge->more[i], err))
			return false;
	}
	return true;
}

/* The stream whose entry was taken first; STORE_STREAM_COUNT at the end. */
static unsigned merge_first(const struct merge *merge)
{
	unsigned first = STORE_STREAM_COUNT;

	for (unsigned i = 0; i < STORE_STREAM_COUNT; i++) {
		if (merge->more[i] && (first == STORE_STREAM_COUNT ||
				       merge->found[i].sequence < merge->found[first].sequence))
			first = i;
	}
	return first;
}

/* Every entry in the order in which it was taken, the withdrawn as well: a new store that takes it
 * in has the same chain. */
static bool export_all(struct export *export, struct store *store, struct error *err)
{
	struct merge merge = { 0 };
	bool good = merge_open(&merge, export->session, store, err);
	unsigned first;

	while (good && (first = merge_first(&merge)) < STORE_STREAM_COUNT) {
		write_whole(place_of(export), (enum store_stream)first, &merge.found[first]);
		good = pass_on(export, PIECE_BYTES, err) &&
		       store_next(merge.cursors[first], &merge.found[first], &merge.more[first],
				  err);
	}
	for (unsigned i = 0; i < STORE_STREAM_COUNT; i++)
		store_cursor_close(merge.cursors[i]);
	return good;
}

int store_export(const struct session *session, const char *const *words, size_t word_count,
		 struct error *err)
{
	struct export export = { .session = session, .piece = { .maximum = PIECE_BYTES_MAXIMUM } };
	const char *to = session->options->to;
	SCOPED_STORE(store);
	bool good;

	if (word_count > 1) {
		(void)fail(err, ERROR_INVALID, "store export takes one STREAM, or none for all");
		return STATUS_USAGE;
	}
	good = stored_open(session, SQL_READ, &store, err) &&
	       (!to || file_writer_open(&export.writer, session->host, to, false, err)) &&
	       (word_count > 0 ? export_stream(&export, store, words[0], err)
			       : export_all(&export, store, err)) &&
	       (!to || (pass_on(&export, 1, err) && file_writer_finish(&export.writer, err)));
	file_writer_release(&export.writer);
	text_release(&export.piece);
	return good ? STATUS_GOOD : STATUS_ERROR;
}
