#include "test/elf_file.h"

/* Little-endian; what is wider than a number is zero. */
static void add_number(struct text *into, uint64_t number, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		text_add_char(into, (char)(i < sizeof(number) ? number >> 8 * i & 0xff : 0));
}

static void add_section(struct text *into, uint32_t name, uint64_t offset, uint64_t length)
{
	add_number(into, name, 4);
	add_number(into, 1, 4);
	add_number(into, 0, 16);
	add_number(into, offset, 8);
	add_number(into, length, 8);
	add_number(into, 0, 24);
}

void elf_file_make(struct span texts, struct span symbols, struct text *into)
{
	static const char names[] = "\0.rodata\0.dynstr\0.names";
	uint64_t texts_at = 64, symbols_at = texts_at + texts.length;
	uint64_t names_at = symbols_at + symbols.length, table_at = names_at + sizeof(names);

	text_add_span(into, SPAN("\177ELF\2\1\1"));
	add_number(into, 0, 9);
	add_number(into, 3, 8);
	add_number(into, 0, 16);
	add_number(into, table_at, 8);
	add_number(into, 0, 4);
	add_number(into, 64, 2);
	add_number(into, 0, 4);
	add_number(into, 64, 2);
	add_number(into, 4, 2);
	add_number(into, 3, 2);
	text_add_span(into, texts);
	text_add_span(into, symbols);
	text_add_span(into, (struct span){ names, sizeof(names) });
	add_section(into, 0, 0, 0);
	add_section(into, 1, texts_at, texts.length);
	add_section(into, 9, symbols_at, symbols.length);
	add_section(into, 17, names_at, sizeof(names));
}
