/*
 * Whatever the bytes, as YAML and as JSON Lines, what a set of evidence takes is written in its
 * canonical form and read back with the same hashes, and what it refuses leaves it empty.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "evidence/set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_error(const struct error *err, const char *start)
{
	assert(err->code > ERROR_NONE && err->code < ERROR_CODE_COUNT);
	assert(strncmp(err->text, start, strlen(start)) == 0);
	assert(span_is_utf8(span_of(err->text), NULL));
	assert(!strchr(err->text, '\n'));
	(void)err;
	(void)start;
}

static void check_record(const struct record *record)
{
	assert(record->id[0] != '\0' && record->what[0] != '\0');
	assert(record->subject.parts[SUBJECT_PROVIDER] && record->source.name);
	assert((record->says == SAYS_VALUE) == (record->unit != NULL));
	assert((record->says == SAYS_VALUE) == (record->text == NULL));
	assert(record->kind < KIND_COUNT && record->strength < STRENGTH_COUNT);
	assert(record->observed != DATE_NONE);
	assert(record->due == DATE_NONE || (record->announced && record->due >= record->observed));
	assert(record->expires == DATE_NONE || record->expires >= record->observed);
	assert(record->line > 0);
	(void)record;
}

static void write_lines(const struct evidence_set *set, struct text *into)
{
	for (size_t i = 0; i < set->count; i++) {
		size_t before = into->length;

		check_record(&set->records[i]);
		record_write(&set->records[i], true, into);
		assert(into->length - before <= RECORD_LINE_MAXIMUM);
		text_add_char(into, '\n');
		(void)before;
	}
	assert(!into->overflowed);
}

/* The set, through its canonical form: the same records, hashes and bytes. */
static void check_round_trip(struct evidence_set *set)
{
	struct error err = { .text = "" };
	bool good;

	SCOPED_EVIDENCE(back);
	SCOPED_TEXT(first);
	SCOPED_TEXT(second);
	write_lines(set, &first);
	good = evidence_set_add_lines(&back, text_span(&first), "back", &err);
	assert(good && back.count == set->count);
	for (size_t i = 0; i < back.count; i++)
		assert(memcmp(back.records[i].hash, set->records[i].hash, RECORD_HASH_BYTES) == 0);
	write_lines(&back, &second);
	assert(span_equal(text_span(&first), text_span(&second)));

	good = evidence_set_finish(set, &err);
	assert(good == evidence_set_finish(&back, NULL));
	if (good)
		assert(memcmp(back.hash, set->hash, RECORD_HASH_BYTES) == 0);
	else
		check_error(&err, "fuzz");
}

static void check(struct evidence_set *set, bool good, const struct error *err, const char *start)
{
	if (good) {
		check_round_trip(set);
		return;
	}
	check_error(err, start);
	assert(set->count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = (const char *)data, .length = size };
	struct error err = { .code = ERROR_NONE };
	bool good;

	SCOPED_EVIDENCE(written);
	SCOPED_EVIDENCE(lines);
	good = evidence_set_add_yaml(&written, text, "fuzz.yaml", &err);
	check(&written, good, &err, "fuzz.yaml: ");
	good = evidence_set_add_lines(&lines, text, "fuzz.jsonl", &err);
	check(&lines, good, &err, "fuzz.jsonl: ");
	return 0;
}
