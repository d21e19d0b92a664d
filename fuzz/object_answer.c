/*
 * Whatever an object store answers, keys are read one behind the other, none is longer than a key
 * may be, and quoted they have nothing that a URL would take for something else.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "active/object_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { .at = size > 0 ? (const char *)data : "", .length = size };
	const char *key, *quoted;

	SCOPED_ARENA(arena);
	(void)answer_first(rest, "Code", &arena);
	for (size_t before = rest.length; answer_next(&rest, "Key", &arena, &key);
	     before = rest.length) {
		assert(rest.length < before && strlen(key) <= OBJECT_KEY_MAXIMUM);
		quoted = answer_quote(key, &arena);
		assert(strcspn(quoted, " /?&#<>\"\r\n") == strlen(quoted));
	}
	return 0;
}
