/*
 * Random times of a simulation: a stream is a key and how many numbers were taken from it. The
 * same stream gives the same bits on every machine: nothing here asks the C library's mathematics.
 */
#pragma once

#include <stdint.h>
#include <string.h>

#include "base/random.h"

struct chance {
	uint64_t key, counter;
};

/* A number inside (0, 1), in steps of 2^-52. */
static inline double chance_share(struct chance *chance)
{
	return ((double)(random_u64(chance->key, chance->counter++) >> 12) + 0.5) * 0x1p-52;
}

/* -ln(x) of a normal number inside (0, 1], to 1e-15: with x = m·2^e, m from √½ to √2, and
 * s = (m - 1)/(m + 1), it is -e·ln 2 - 2·(s + s³/3 + s⁵/5 + …), |s| < 0.172. */
static inline double chance_minus_log(double x)
{
	static const double ln2 = 0.693147180559945309;
	const uint64_t one = 0x3ff0000000000000u;
	const uint64_t root_half = 0x3fe6a09e667f3bcdu;
	uint64_t bits;
	double m;

	memcpy(&bits, &x, sizeof(bits));
	bits += one - root_half;

	int exponent = (int)(bits >> 52) - 1023;

	bits = (bits & 0x000fffffffffffffu) + root_half;
	memcpy(&m, &bits, sizeof(m));

	double s = (m - 1) / (m + 1);
	double z = s * s;
	double even = 1 + z * z * (1.0 / 5 + z * z * (1.0 / 9 + z * z * (1.0 / 13 + z * z / 17)));
	double odd =
		1.0 / 3 + z * z * (1.0 / 7 + z * z * (1.0 / 11 + z * z * (1.0 / 15 + z * z / 19)));

	return -(exponent * ln2 + 2 * s * (even + z * odd));
}

/* An exponential time of this mean. */
static inline double chance_time(struct chance *chance, double mean)
{
	return mean * chance_minus_log(chance_share(chance));
}
