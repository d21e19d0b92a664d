/*
 * Whatever the list of GUIDs, none is zero, and a list that is refused names its line.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "probe/isolation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { size > 0 ? (const char *)data : "", size };
	const uint64_t *guids;
	struct error err = { 0 };
	size_t count;
	SCOPED_ARENA(arena);

	if (!isolation_read_own(text, "own", &arena, &guids, &count, &err)) {
		assert(strncmp(err.text, "own: ", 5) == 0);
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		assert(guids[i] != 0);
	return 0;
}
