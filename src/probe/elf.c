#include "probe/elf.h"

#include <string.h>

/* Sizes and places of the ELF format of 64 bits (System V Application Binary Interface). */
enum {
	HEADER_BYTES = 64,
	SECTION_BYTES = 64,
	SECTIONS_MAXIMUM = 4096,
	NAMES_MAXIMUM = 1 << 20, /* bytes of the names of sections */
	TYPE_NO_BYTES = 8,       /* a section that takes no room in the file */
};

struct section {
	uint32_t name, type;
	uint64_t offset, length;
};

static uint64_t number_at(struct span bytes, size_t at, unsigned width)
{
	uint64_t number = 0;

	for (unsigned i = width; i-- > 0;)
		number = number << 8 | (unsigned char)bytes.at[at + i];
	return number;
}

/* Exactly so many bytes. */
static bool read_all(const struct elf_file *file, uint64_t offset, size_t length,
		     struct arena *arena, struct span *ret_bytes, struct error *err)
{
	if (!file->read(file->from, offset, length, arena, ret_bytes, err))
		return false;
	if (ret_bytes->length != length)
		return fail(err, ERROR_PARSE, "'%s' ends before byte %llu, which its tables name",
			    file->name, (unsigned long long)offset + length);
	return true;
}

static struct section section_of(struct span table, size_t index)
{
	size_t at = index * SECTION_BYTES;

	return (struct section){
		.name = (uint32_t)number_at(table, at, 4),
		.type = (uint32_t)number_at(table, at + 4, 4),
		.offset = number_at(table, at + 24, 8),
		.length = number_at(table, at + 32, 8),
	};
}

/* The table of sections and the bytes of their names. */
static bool read_tables(const struct elf_file *file, struct arena *arena, struct span *ret_table,
			struct span *ret_names, struct error *err)
{
	static const char magic[] = "\177ELF\2\1";
	struct section names;
	struct span header = { 0 };
	size_t count, own;

	if (!file->read(file->from, 0, HEADER_BYTES, arena, &header, err))
		return false;
	if (header.length != HEADER_BYTES || memcmp(header.at, magic, sizeof(magic) - 1) != 0)
		return fail(err, ERROR_PARSE, "'%s' is no library of 64 bits, little-endian",
			    file->name);
	count = number_at(header, 60, 2);
	own = number_at(header, 62, 2);
	if (count == 0 || count > SECTIONS_MAXIMUM || own >= count ||
	    number_at(header, 58, 2) != SECTION_BYTES)
		return fail(err, ERROR_PARSE, "'%s' has no table of sections that can be read",
			    file->name);
	if (!read_all(file, number_at(header, 40, 8), count * SECTION_BYTES, arena, ret_table, err))
		return false;
	names = section_of(*ret_table, own);
	if (names.length > NAMES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "'%s': the names of its sections take %llu bytes",
			    file->name, (unsigned long long)names.length);
	return read_all(file, names.offset, (size_t)names.length, arena, ret_names, err);
}

static bool is_called(struct span names, uint32_t at, const char *name)
{
	size_t length = strlen(name) + 1;

	return at < names.length && names.length - at >= length &&
	       memcmp(names.at + at, name, length) == 0;
}

bool elf_section(const struct elf_file *file, const char *name, struct arena *arena,
		 struct span *ret_bytes, struct error *err)
{
	struct span table = { 0 }, names = { 0 };

	if (!read_tables(file, arena, &table, &names, err))
		return false;
	for (size_t i = 0; i < table.length / SECTION_BYTES; i++) {
		struct section section = section_of(table, i);

		if (section.type == TYPE_NO_BYTES || !is_called(names, section.name, name))
			continue;
		if (section.length > ELF_SECTION_MAXIMUM)
			return fail(err, ERROR_LIMIT, "'%s': its section %s takes %llu bytes",
				    file->name, name, (unsigned long long)section.length);
		return read_all(file, section.offset, (size_t)section.length, arena, ret_bytes,
				err);
	}
	*ret_bytes = SPAN("");
	return true;
}
