/*
 * Sections of a shared library, by their names: what of it is text, what names its symbols have.
 * Only libraries of 64 bits, little-endian, as all that have to do with GPUs are. The file may be
 * hostile: nothing is read beyond what it has.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

/* Where the bytes come from: a file, or memory. */
struct elf_file {
	/* At most `length` bytes from `offset` on, fewer at the end. */
	bool (*read)(const void *from, uint64_t offset, size_t length, struct arena *arena,
		     struct span *ret_bytes, struct error *err);
	const void *from;
	const char *name; /* for errors */
};

enum {
	ELF_SECTION_MAXIMUM = 64 << 20, /* bytes of one section that is read */
};

/* The bytes of the section; empty when it has none of that name. ERROR_PARSE when the file is no
 * such library, or its tables lead out of it; ERROR_LIMIT for a larger section. */
bool elf_section(const struct elf_file *file, const char *name, struct arena *arena,
		 struct span *ret_bytes, struct error *err);
