/*
 * Bytes that tell where they were written: of files and objects that are read back.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Fills in what a file holds from the `offset`, a multiple of 8: words that depend on seed and
 * place alone. What is left behind the last whole word stays as it was. */
void pattern_fill(uint64_t seed, uint64_t offset, unsigned char *into, size_t size);

/* Bytes that differ from it. */
uint64_t pattern_differs(uint64_t seed, uint64_t offset, const unsigned char *bytes, size_t size);
