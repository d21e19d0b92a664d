/*
 * Whatever the bytes: a bundle is refused with one clear error that leaves the set empty, or its
 * records are sealed, no stronger than the bundle gives, and its text is a key's too only when it
 * is one.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "evidence/bundle.h"

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

static void check_bundle(struct span text)
{
	struct error err = { .code = ERROR_NONE };
	SCOPED_EVIDENCE(set);
	SCOPED_TEXT(scratch);

	if (!evidence_set_add_bundle(&set, text, "fuzz.json", &err)) {
		check_error(&err, "fuzz.json: ");
		assert(set.count == 0);
		return;
	}
	for (size_t i = 0; i < set.count; i++) {
		uint8_t claimed[RECORD_HASH_BYTES];

		assert(set.records[i].strength <= STRENGTH_E2);
		memcpy(claimed, set.records[i].hash, sizeof(claimed));
		record_seal(&set.records[i], &scratch);
		assert(memcmp(claimed, set.records[i].hash, sizeof(claimed)) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span text = { .at = (const char *)data, .length = size };
	struct error err = { .code = ERROR_NONE };
	struct bundle_key key;

	check_bundle(text);
	if (!bundle_key_read(text, "fuzz.key", &key, &err))
		check_error(&err, "fuzz.key: ");
	return 0;
}
