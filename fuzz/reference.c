/*
 * Whatever the bytes, reference_load gives the grades of an edition, sorted by provider, or an
 * error that is one line of text with the file's name before it.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "rating/rating.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_reference(const struct reference *reference)
{
	char published[DATE_TEXT_SIZE];

	assert(reference->edition && reference->source);
	assert(date_format(reference->published, published)[0] != '\0');
	for (uint32_t i = 0; i < reference->count; i++) {
		const struct reference_grade *one = &reference->grades[i];

		assert(span_is_utf8(span_of(one->provider), NULL));
		assert(one->grade < GRADE_COUNT);
		assert(i == 0 || strcmp(reference->grades[i - 1].provider, one->provider) < 0);
		(void)one;
	}
	(void)published;
}

static void check_error(const struct error *err)
{
	assert(err->code > ERROR_NONE && err->code < ERROR_CODE_COUNT);
	assert(strncmp(err->text, "fuzz.yaml: ", strlen("fuzz.yaml: ")) == 0);
	assert(span_is_utf8(span_of(err->text), NULL));
	assert(!strchr(err->text, '\n'));
	(void)err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reference reference = { .count = 0 };
	struct error err = { .code = ERROR_NONE };
	struct span text = { .at = (const char *)data, .length = size };

	SCOPED_ARENA(arena);
	if (reference_load(text, "fuzz.yaml", &arena, &reference, &err))
		check_reference(&reference);
	else
		check_error(&err);
	return 0;
}
