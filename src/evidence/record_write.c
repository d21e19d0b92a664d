#include "evidence/record.h"

#include "base/json.h"

/* Keys are written in the order of their bytes; a new field takes its place in the alphabet. */

const char *const record_says_names[] = {
	[SAYS_ANSWER] = "answer",
	[SAYS_VALUE] = "value",
	[SAYS_NOT_APPLICABLE] = "not_applicable",
	[SAYS_WITHHELD] = "withheld",
	[SAYS_TEXT] = "text",
	[SAYS_STATE] = "state",
	[SAYS_UNKNOWN] = "unknown",
};

static void write_optional(struct json_writer *json, const char *key, const char *value)
{
	if (value)
		json_pair_string(json, key, value);
}

static void write_says(struct json_writer *json, const struct record *record, enum record_says says)
{
	if (record->says == says)
		json_pair_string(json, record_says_names[says], record->text);
}

static void write_date(struct json_writer *json, const char *key, date_t date)
{
	char text[DATE_TEXT_SIZE];

	json_pair_string(json, key, date_format(date, text));
}

static void write_time(struct json_writer *json, const struct record *record)
{
	char text[TIME_TEXT_SIZE];

	if (record->time != 0)
		json_pair_string(json, "time", time_format(record->time, text));
}

static void write_source(struct json_writer *json, const struct source *source)
{
	json_key(json, "source");
	json_open_object(json);
	json_pair_string(json, "name", source->name);
	write_optional(json, "publisher", source->publisher);
	write_optional(json, "tool", source->tool);
	write_optional(json, "url", source->url);
	write_optional(json, "version", source->version);
	json_close_object(json);
}

static void write_subject(struct json_writer *json, const struct subject *subject)
{
	static const enum subject_part order[] = {
		SUBJECT_CLUSTER, SUBJECT_DEVICE,   SUBJECT_GPU,    SUBJECT_NODE,
		SUBJECT_PRODUCT, SUBJECT_PROVIDER, SUBJECT_REGION,
	};

	json_key(json, "subject");
	json_open_object(json);
	for (unsigned i = 0; i < SUBJECT_PART_COUNT; i++)
		write_optional(json, subject_part_names[order[i]], subject->parts[order[i]]);
	json_close_object(json);
}

static void write_head(struct json_writer *json, const struct record *record, bool with_hash)
{
	char hash[RECORD_HASH_TEXT];

	write_says(json, record, SAYS_ANSWER);
	if (record->announced && record->due == DATE_NONE)
		json_pair_string(json, "due", "unknown");
	else if (record->announced)
		write_date(json, "due", record->due);
	write_optional(json, "excerpt", record->excerpt);
	if (record->expires != DATE_NONE)
		write_date(json, "expires", record->expires);
	if (with_hash)
		json_pair_string(json, "hash", hash_format(record->hash, hash));
	json_pair_string(json, "id", record->id);
	json_pair_string(json, "kind", evidence_kind_names[record->kind]);
}

void record_write(const struct record *record, bool with_hash, struct text *into)
{
	struct json_writer json = { .into = into };

	json_open_object(&json);
	write_head(&json, record, with_hash);
	write_says(&json, record, SAYS_NOT_APPLICABLE);
	write_date(&json, "observed", record->observed);
	json_pair_string(&json, "schema", "assay/evidence/v1");
	write_source(&json, &record->source);
	write_says(&json, record, SAYS_STATE);
	json_pair_string(&json, "strength", strength_names[record->strength]);
	write_subject(&json, &record->subject);
	write_says(&json, record, SAYS_TEXT);
	write_time(&json, record);
	write_says(&json, record, SAYS_UNKNOWN);
	if (record->says == SAYS_VALUE) {
		json_pair_string(&json, "unit", record->unit);
		json_key(&json, "value");
		json_put_number(&json, record->value);
	}
	json_pair_string(&json, "what", record->what);
	write_says(&json, record, SAYS_WITHHELD);
	json_close_object(&json);
}

void record_seal(struct record *record, struct text *scratch)
{
	text_clear(scratch);
	record_write(record, false, scratch);
	hash_bytes(text_span(scratch), record->hash);
}
