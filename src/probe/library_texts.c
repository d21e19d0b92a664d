#include "probe/library_texts.h"

#include "host/system.h"
#include "probe/elf.h"

/* Where a file is read from by elf_section. */
struct place {
	const struct host *host;
	const char *path;
};

static bool read_part(const void *from, uint64_t offset, size_t length, struct arena *arena,
		      struct span *ret_bytes, struct error *err)
{
	const struct place *place = from;
	const struct host_part part = { offset, length };

	return host_peek_part(place->host, place->path, &part, arena, ret_bytes, err);
}

bool library_texts_read(const struct host *host, const char *path, struct arena *arena,
			struct library_texts *ret_texts, struct error *err)
{
	const struct place place = { host, path };
	const struct elf_file file = { read_part, &place, path };

	return elf_section(&file, ".rodata", arena, &ret_texts->constants, err) &&
	       elf_section(&file, ".dynstr", arena, &ret_texts->symbols, err);
}
