/*
 * A small shared library as bytes, for tests that read one: sections of the given contents, and
 * nothing that could be run.
 */
#pragma once

#include <stdint.h>

#include "base/text.h"

/* Adds a library of 64 bits with the sections .rodata and .dynstr to `into`, which is empty. */
void elf_file_make(struct span texts, struct span symbols, struct text *into);
