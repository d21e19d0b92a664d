#include "active/pattern.h"

#include <string.h>

void pattern_fill(uint64_t seed, uint64_t offset, unsigned char *into, size_t size)
{
	for (size_t at = 0; at + 8 <= size; at += 8) {
		/* The finisher of SplitMix64 (Steele, Lea and Flood 2014) over seed and place. */
		uint64_t word = seed * 0x9e3779b97f4a7c15 + (offset + at) / 8 + 1;

		word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
		word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
		word ^= word >> 31;
		memcpy(into + at, &word, 8);
	}
}

uint64_t pattern_differs(uint64_t seed, uint64_t offset, const unsigned char *bytes, size_t size)
{
	unsigned char expected[512];
	uint64_t count = 0;

	for (size_t at = 0; at < size; at += sizeof(expected)) {
		size_t piece = size - at < sizeof(expected) ? size - at : sizeof(expected);

		pattern_fill(seed, offset + at, expected, sizeof(expected));
		if (memcmp(expected, bytes + at, piece) == 0)
			continue;
		for (size_t i = 0; i < piece; i++)
			count += expected[i] != bytes[at + i];
	}
	return count;
}
