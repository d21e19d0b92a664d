#include "report/json_parts.h"

#include <stdlib.h>
#include <string.h>

static void pair_given(struct json_writer *writer, const char *key, const char *value)
{
	if (value)
		json_pair_string(writer, key, value);
}

static void put_source(struct json_writer *writer, const struct source *source)
{
	json_open_object(writer);
	json_pair_string(writer, "name", source->name);
	pair_given(writer, "publisher", source->publisher);
	pair_given(writer, "tool", source->tool);
	pair_given(writer, "url", source->url);
	pair_given(writer, "version", source->version);
	json_close_object(writer);
}

void json_put_record(struct json_writer *writer, const struct record *record)
{
	char time[TIME_TEXT_SIZE];

	json_open_object(writer);
	json_pair_string(writer, "schema", "assay/evidence/v1");
	json_pair_string(writer, "id", record->id);
	json_key(writer, "subject");
	json_open_object(writer);
	for (unsigned i = 0; i < SUBJECT_PART_COUNT; i++)
		pair_given(writer, subject_part_names[i], record->subject.parts[i]);
	json_close_object(writer);
	json_pair_string(writer, "what", record->what);
	json_key(writer, record_says_names[record->says]);
	if (record->says == SAYS_VALUE) {
		json_put_number(writer, record->value);
		json_pair_string(writer, "unit", record->unit);
	} else {
		json_put_string(writer, record->text);
	}
	json_pair_string(writer, "kind", evidence_kind_names[record->kind]);
	json_pair_string(writer, "strength", strength_names[record->strength]);
	json_pair_date(writer, "observed", record->observed);
	if (record->time != 0)
		json_pair_string(writer, "time", time_format(record->time, time));
	if (record->expires != DATE_NONE)
		json_pair_date(writer, "expires", record->expires);
	if (record->announced && record->due == DATE_NONE)
		json_pair_string(writer, "due", "unknown");
	else if (record->announced)
		json_pair_date(writer, "due", record->due);
	json_key(writer, "source");
	put_source(writer, &record->source);
	pair_given(writer, "excerpt", record->excerpt);
	json_pair_hash(writer, "hash", record->hash);
	json_close_object(writer);
}

/* The hash of a set: of its record hashes, sorted, each followed by a newline. */
static int by_hash(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void pair_set_hash(struct json_writer *writer, const struct record *const *records,
			  size_t count)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(joined);
	const char **hashes = ARENA_ARRAY(&arena, const char *, count);
	uint8_t hash[RECORD_HASH_BYTES];
	char text[RECORD_HASH_TEXT];

	for (size_t i = 0; i < count; i++)
		hashes[i] = arena_string(&arena, span_of(hash_format(records[i]->hash, text)));
	if (count > 0)
		qsort(hashes, count, sizeof(*hashes), by_hash);
	joined.maximum = count * RECORD_HASH_TEXT + 1;
	for (size_t i = 0; i < count; i++) {
		text_add(&joined, hashes[i]);
		text_add_char(&joined, '\n');
	}
	hash_bytes(text_span(&joined), hash);
	json_pair_hash(writer, "hash", hash);
}

void evidence_json(const struct record *const *records, size_t count, struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/evidence-list/v1");
	json_pair_integer(&writer, "count", (int64_t)count);
	pair_set_hash(&writer, records, count);
	json_key(&writer, "records");
	json_open_array(&writer);
	for (size_t i = 0; i < count; i++)
		json_put_record(&writer, records[i]);
	json_close_array(&writer);
	json_close_document(&writer);
}
