#include <string.h>

#include "base/json.h"
#include "cli/stored.h"
#include "host/stream.h"

/* An export of everything, into a new store: batch by batch as it was, so that the chain is the
 * same.
 */

enum {
	EXPORT_LINE_MAXIMUM = 2 * STORE_LINE_MAXIMUM + 16 * STORE_KEY_MAXIMUM,
};

static const char export_head[] = "{\"schema\":\"assay/store-entry/v1\"";
static const char line_key[] = ",\"line\":";

/* The batch that is being gathered. */
struct gathered {
	struct store *store;
	struct store_batch batch;
	struct store_entry *entries;
	int64_t first; /* sequence; 0: nothing is gathered */
	size_t count, bytes;
	int64_t taken; /* entries, of all batches */
	struct arena arena;
};

bool is_export(const struct session *session, const char *path)
{
	struct stream *stream = NULL;
	bool is = host_kind(session->host, path) == HOST_FILE &&
		  stream_open(session->host, path, &stream, NULL) &&
		  span_starts(stream_head(stream, sizeof(export_head) - 1), export_head);

	stream_close(stream);
	return is;
}

static bool append(struct gathered *gathered, struct error *err)
{
	struct store_receipt receipt;

	if (gathered->count == 0)
		return true;
	gathered->batch.entries = gathered->entries;
	gathered->batch.count = gathered->count;
	if (!store_append(gathered->store, &gathered->batch, &receipt, err))
		return false;
	if (receipt.first != gathered->first || receipt.taken != gathered->count)
		return fail(err, ERROR_INVALID,
			    "the batch of entry %lld was not taken in as it was; the export is not "
			    "whole",
			    (long long)gathered->first);
	gathered->taken += (int64_t)receipt.taken;
	gathered->count = gathered->bytes = 0;
	arena_clear(&gathered->arena);
	return true;
}

/* ---- one line ---- */

/* What a line says. */
struct exported {
	int64_t batch, taken;
	enum store_stream stream;
	const char *party;
	struct store_entry entry;
};

static bool fail_field(const char *name, struct error *err)
{
	return fail(err, ERROR_PARSE, "'%s' is missing or not well-formed", name);
}

static bool read_number(const struct node *root, const char *name, int64_t *ret_number,
			struct error *err)
{
	const struct node *node = node_find(root, name);

	return (node && node->kind == NODE_SCALAR && !node->quoted &&
		span_to_i64(node->text, ret_number)) ||
	       fail_field(name, err);
}

/* NULL for null. */
static bool read_text(const struct node *root, const char *name, struct arena *arena,
		      const char **ret_text, struct error *err)
{
	const struct node *node = node_find(root, name);

	if (!node || node->kind != NODE_SCALAR || (!node->quoted && !span_is(node->text, "null")))
		return fail_field(name, err);
	*ret_text = node->quoted ? arena_string(arena, node->text) : NULL;
	return true;
}

static bool read_stream(const struct node *root, enum store_stream *ret_stream, struct error *err)
{
	const struct node *node = node_find(root, "stream");

	for (unsigned i = 0; node && node->kind == NODE_SCALAR && i < STORE_STREAM_COUNT; i++) {
		*ret_stream = (enum store_stream)i;
		if (span_is(node->text, store_stream_names[i]))
			return true;
	}
	return fail_field("stream", err);
}

static bool read_value(const struct node *root, double *ret_value, struct error *err)
{
	const struct node *node = node_find(root, "value");

	return (node && node->kind == NODE_SCALAR &&
		store_read_value(span_is(node->text, "null") ? SPAN("") : node->text, ret_value)) ||
	       fail_field("value", err);
}

/* The bytes of the line as they stand: it is the last field. A quote within a text is written \",
 * so that its key is found as a key and nowhere before. */
static bool cut_line(struct span text, struct arena *arena, struct span *ret_line,
		     struct error *err)
{
	const size_t length = sizeof(line_key) - 1;

	for (size_t i = 0; i + length < text.length; i++) {
		if (memcmp(text.at + i, line_key, length) != 0)
			continue;
		ret_line->length = text.length - i - length - 1;
		ret_line->at = arena_string(
			arena, (struct span){ text.at + i + length, ret_line->length });
		return true;
	}
	return fail_field("line", err);
}

static bool read_line(struct span text, struct arena *scratch, struct arena *arena,
		      struct exported *ret_exported, struct error *err)
{
	struct store_entry *entry = &ret_exported->entry;
	const struct node *root = NULL;

	return json_read(text, "the export", 0, scratch, &root, err) &&
	       read_number(root, "batch", &ret_exported->batch, err) &&
	       read_number(root, "taken", &ret_exported->taken, err) &&
	       read_number(root, "time", &entry->time, err) &&
	       read_stream(root, &ret_exported->stream, err) &&
	       read_value(root, &entry->value, err) &&
	       read_text(root, "party", arena, &ret_exported->party, err) &&
	       read_text(root, "id", arena, &entry->id, err) &&
	       read_text(root, "subject", arena, &entry->subject, err) &&
	       read_text(root, "what", arena, &entry->what, err) &&
	       read_text(root, "device", arena, &entry->device, err) &&
	       cut_line(text, arena, &entry->line, err);
}

/* Reads the line twice where it begins a batch: what it says is to outlive the batch before. */
static bool take_line(struct gathered *gathered, struct span text, struct arena *scratch,
		      struct error *err)
{
	struct exported exported = { 0 };

	arena_clear(scratch);
	if (!read_line(text, scratch, scratch, &exported, err))
		return false;
	if (exported.batch != gathered->first && !append(gathered, err))
		return false;
	if (!read_line(text, scratch, &gathered->arena, &exported, err))
		return false;
	if (exported.batch != gathered->first) {
		gathered->first = exported.batch;
		gathered->batch =
			(struct store_batch){ .stream = exported.stream,
					      .party = exported.party ? exported.party : "",
					      .time = exported.taken };
		gathered->entries =
			ARENA_ARRAY(&gathered->arena, struct store_entry, STORE_BATCH_MAXIMUM);
	}
	gathered->bytes += text.length;
	if (gathered->count == STORE_BATCH_MAXIMUM || gathered->bytes > 2u * STORE_BATCH_BYTES)
		return fail(err, ERROR_LIMIT, "the batch of entry %lld is too large",
			    (long long)exported.batch);
	gathered->entries[gathered->count++] = exported.entry;
	return true;
}

/* ---- the file ---- */

static bool take_lines(struct gathered *gathered, struct stream *stream, const char *path,
		       struct error *err)
{
	struct line_reader reader;
	SCOPED_ARENA(scratch);
	struct span line;
	enum line_step step;
	bool good = true;

	line_reader_init(&reader, stream_source(stream), path, EXPORT_LINE_MAXIMUM);
	while (good && (step = line_next(&reader, &line, err)) != LINE_END) {
		if (step == LINE_TOO_LONG)
			good = fail(err, ERROR_LIMIT, "it is longer than %d bytes",
				    EXPORT_LINE_MAXIMUM);
		else
			good = step == LINE_READ && take_line(gathered, line, &scratch, err);
		if (!good)
			(void)fail_while(err, "%s: line %llu", path,
					 (unsigned long long)reader.line);
	}
	line_reader_release(&reader);
	return good && append(gathered, err);
}

bool stored_take_in(const struct session *session, struct store *store, const char *path,
		    int64_t *ret_taken, struct error *err)
{
	struct gathered gathered = { .store = store };
	struct stream *stream = NULL;
	int64_t last = 0;
	bool good;

	if (!store_last(store, &last, err))
		return false;
	if (last != 0)
		return fail(err, ERROR_CONFLICT,
			    "an export of everything goes into a new store, and this one has %lld "
			    "entries",
			    (long long)last);
	good = stream_open(session->host, path, &stream, err) &&
	       take_lines(&gathered, stream, path, err);
	stream_close(stream);
	arena_release(&gathered.arena);
	*ret_taken = gathered.taken;
	return good ||
	       fail_while(err, "%lld entries were taken in before", (long long)gathered.taken);
}
