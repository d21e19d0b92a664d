/*
 * Counter-based random numbers: a pure function of (key, counter), so a stream does not depend
 * on the order of calls, on threads or on the machine. Integer arithmetic only.
 * Not for secrets.
 */
#pragma once

#include <stdint.h>

#include "base/span.h"

/* FNV-1a over the bytes, 64 bits: the stable key of a name. */
uint64_t random_key(struct span name);

/* Joins two keys; the order of the two matters, and small numbers are good keys. With f for
 * SplitMix64's finaliser: f(f(a + golden ratio) ^ b). */
uint64_t random_join(uint64_t a, uint64_t b);

/* 32 well-mixed bits for draw `counter` of the stream `key32`:
 * x = counter * 0x9E3779B9 + key32, then x ^= x>>16; x *= 0x21F0AAAD; x ^= x>>15;
 * x *= 0xD35A2D97; x ^= x>>15   (Ettinger's two-round integer hash, low bias). */
static inline uint32_t random_u32(uint32_t key32, uint32_t counter)
{
	uint32_t x = counter * 0x9E3779B9u + key32;

	x ^= x >> 16;
	x *= 0x21F0AAADu;
	x ^= x >> 15;
	x *= 0xD35A2D97u;
	x ^= x >> 15;
	return x;
}

/* 64 well-mixed bits for draw `counter` of the stream `key64`: number counter + 1 of SplitMix64
 * (Steele, Lea and Flood 2014) that was seeded with the key. */
static inline uint64_t random_u64(uint64_t key64, uint64_t counter)
{
	uint64_t x = key64 + (counter + 1) * 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}
