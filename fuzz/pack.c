#include "store/pack.h"

/* A block of a store, as a damaged file may hold it; behind a first byte of 'e' the text of one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(line);
	const struct span input = { (const char *)data, size };
	struct packed_entry *entries = NULL;
	struct packer *packer = packer_new();
	size_t count = 0;
	struct span text = { 0 };
	bool good = true;

	if (size > 0 && data[0] == 'e')
		text = (struct span){ arena_string(&arena, (struct span){ input.at + 1, size - 1 }),
				      size - 1 };
	else
		good = unpack(packer, input, &arena, &text, NULL);
	packer_free(packer);
	if (good && unpack_entries(text, &arena, &entries, &count, NULL))
		for (size_t i = 0; i < count; i++)
			(void)unpack_line(&entries[i], &line);
	return 0;
}
