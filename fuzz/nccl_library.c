/*
 * Whatever claims to be a library, its sections lie within it, and the names that are found are
 * sorted and are found again.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/elf.h"
#include "probe/nccl_library.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_bytes(const void *from, uint64_t offset, size_t length, struct arena *arena,
		       struct span *ret_bytes, struct error *err)
{
	const struct span *bytes = from;
	size_t left = offset < bytes->length ? bytes->length - (size_t)offset : 0;

	(void)arena;
	(void)err;
	*ret_bytes =
		(struct span){ left > 0 ? bytes->at + offset : "", left < length ? left : length };
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = { size > 0 ? (const char *)data : "", size }, section;
	const struct elf_file file = { read_bytes, &bytes, "input" };
	struct nccl_library library = { 0 };
	struct error err;
	SCOPED_ARENA(arena);

	if (!elf_section(&file, ".rodata", &arena, &section, &err))
		section = bytes;
	assert(section.length <= size);
	nccl_library_add(&library, section, &arena);
	for (size_t i = 0; i < library.name_count; i++) {
		assert(i == 0 || span_compare(library.names[i - 1], library.names[i]) < 0);
		assert(nccl_library_knows(&library, library.names[i]));
	}
	return 0;
}
