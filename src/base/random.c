#include "base/random.h"

uint64_t random_key(struct span name)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < name.length; i++) {
		hash ^= (unsigned char)name.at[i];
		hash *= 0x100000001b3u;
	}
	return hash;
}

static uint64_t finalise(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

uint64_t random_join(uint64_t a, uint64_t b)
{
	return finalise(finalise(a + 0x9e3779b97f4a7c15u) ^ b);
}
