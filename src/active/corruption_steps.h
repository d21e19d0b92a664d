/*
 * The steps of the kernels, included by corruption.c, and by tests that define beforehand how
 * values go wrong:
 *
 *   RESULT(work, lane, value)  what an instruction gave
 *   HELD(work, lane, value)    what a register held until it was used
 *   LOADED(work, lane, value)  what memory gave, and
 *   STORED(work, lane, value)  what it was given
 *   SKIPPED(work, lane)        whether a step does not happen
 *   IN_ALL_LANES(statement)          done for each `lane` of a vector, where values go wrong at all
 */
#pragma once

#include <string.h>

#include "active/corruption.h"
#include "base/random.h"

#ifndef RESULT
#define RESULT(work, lane, value) ((void)(lane), (value))
#define HELD(work, lane, value) (value)
#define LOADED(work, lane, value) (value)
#define STORED(work, lane, value) ((void)(lane), (value))
#define SKIPPED(work, lane) false
#define IN_ALL_LANES(statement) ((void)0)
#endif

#define IN_PLACE static inline __attribute__((always_inline))

#define ON_ANY
#ifdef __x86_64__
#define WITH_FMA __attribute__((target("avx2,fma")))
#define WITH_AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#define WITH_AVX2 __attribute__((target("avx2")))
#define WITH_CRC __attribute__((target("sse4.2")))
#define WITH_AES __attribute__((target("aes")))
#endif

/* The last three values of a lane; x is the newest. */
struct chain {
	uint64_t x, y, z;
};

IN_PLACE uint64_t rotate(uint64_t x, unsigned by)
{
	return x << (by & 63) | x >> (-by & 63);
}

IN_PLACE double double_of(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

IN_PLACE uint64_t bits_of_double(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

IN_PLACE float float_of(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

IN_PLACE uint32_t bits_of_float(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

IN_PLACE uint64_t settle_any(uint64_t bits)
{
	return bits;
}

/* A double between 2^-7 and 2 of either sign: a chain that neither dies out nor overflows, and that
 * shifts its operands by various amounts. */
IN_PLACE uint64_t settle_double(uint64_t bits)
{
	return (bits & 0x800fffffffffffffu) | (0x3f8 + (bits & 7)) << 52;
}

/* The same of two floats. */
IN_PLACE uint64_t settle_floats(uint64_t bits)
{
	const uint64_t exponents = (0x78u + (bits & 7)) << 23 | (0x78 + (bits >> 32 & 7)) << 55;

	return (bits & 0x807fffff807fffffu) | exponents;
}

IN_PLACE uint64_t step_integer(const struct chain *chain)
{
	const unsigned __int128 product = (unsigned __int128)chain->x * chain->y;

	return (uint64_t)product + rotate((uint64_t)(product >> 64), 29) +
	       chain->z * 0x9fb21c651e98df25u;
}

IN_PLACE uint64_t step_bits(const struct chain *chain)
{
	const uint64_t x = rotate(chain->x, (unsigned)(chain->y >> 58));
	const uint64_t counts = (uint64_t)__builtin_popcountll(chain->x) << 40 |
				(uint64_t)__builtin_clzll(chain->y | 1) << 20 |
				(uint64_t)__builtin_ctzll(chain->z | 1u << 31);

	return (x & chain->y) ^ (~chain->x | chain->z) ^ __builtin_bswap64(chain->x) ^
	       chain->z >> (chain->x & 31) ^ counts;
}

/* Quotient and remainder have places of their own, so that each bit of the dividend counts. */
IN_PLACE uint64_t step_divide(const struct chain *chain)
{
	const uint64_t divisor = chain->y >> 34 | 1u << 30;

	return (chain->x / divisor ^ rotate(chain->x % divisor, 33)) + chain->z;
}

IN_PLACE uint64_t step_fma32(const struct chain *chain)
{
	const float low = __builtin_fmaf(float_of((uint32_t)chain->x), float_of((uint32_t)chain->y),
					 float_of((uint32_t)chain->z));
	const float high = __builtin_fmaf(float_of((uint32_t)(chain->x >> 32)),
					  float_of((uint32_t)(chain->y >> 32)),
					  float_of((uint32_t)(chain->z >> 32)));

	return bits_of_float(low) | (uint64_t)bits_of_float(high) << 32;
}

IN_PLACE uint64_t step_fma64(const struct chain *chain)
{
	return bits_of_double(
		__builtin_fma(double_of(chain->x), double_of(chain->y), double_of(chain->z)));
}

IN_PLACE uint64_t step_root(const struct chain *chain)
{
	const double x = double_of(chain->x);
	const uint64_t root =
		bits_of_double(__builtin_copysign(__builtin_sqrt(__builtin_fabs(x)), x));

	return root + rotate(bits_of_double(double_of(chain->z) / double_of(chain->y)), 32);
}

IN_PLACE uint64_t random_of(const struct corruption_work *work, enum corruption_kernel kernel)
{
	return random_join(work->seed, kernel);
}

IN_PLACE struct chain begin(uint64_t key, unsigned lane, uint64_t (*settle)(uint64_t))
{
	return (struct chain){ settle(random_u64(key, 3 * lane)),
			       settle(random_u64(key, 3 * lane + 1)),
			       settle(random_u64(key, 3 * lane + 2)) };
}

/* A function of its own for each kernel and instruction set: a compiler does not put steps that
 * need further instructions into a loop that it could be given a pointer to. */
#define CHAIN(name, kernel, target, step_of, settle)                                           \
	target static void name(struct corruption_work *work, uint64_t *digests)               \
	{                                                                                      \
		struct chain lanes[CORRUPTION_LANES];                                          \
                                                                                               \
		for (unsigned lane = 0; lane < CORRUPTION_LANES; lane++)                       \
			lanes[lane] = begin(random_of(work, kernel), lane, settle);            \
		for (unsigned step = 0; step < work->size.steps; step++)                       \
			for (unsigned lane = 0; lane < CORRUPTION_LANES; lane++) {             \
				struct chain *chain = &lanes[lane];                            \
				uint64_t result;                                               \
                                                                                               \
				if (SKIPPED(work, lane))                                       \
					continue;                                              \
				chain->x = HELD(work, lane, chain->x);                         \
				result = RESULT(work, lane, step_of(chain));                   \
				digests[lane] = corruption_fold(digests[lane], result);        \
				*chain = (struct chain){ settle(result), chain->x, chain->y }; \
			}                                                                      \
	}

CHAIN(run_integer, CORRUPTION_INTEGER, ON_ANY, step_integer, settle_any)
CHAIN(run_bits, CORRUPTION_BITS, ON_ANY, step_bits, settle_any)
CHAIN(run_divide, CORRUPTION_DIVIDE, ON_ANY, step_divide, settle_any)
CHAIN(run_fma32, CORRUPTION_FMA32, ON_ANY, step_fma32, settle_floats)
CHAIN(run_fma64, CORRUPTION_FMA64, ON_ANY, step_fma64, settle_double)
CHAIN(run_root, CORRUPTION_ROOT, ON_ANY, step_root, settle_double)
CHAIN(run_vector_fma, CORRUPTION_VECTOR_FMA, ON_ANY, step_fma64, settle_double)
#ifdef __x86_64__
CHAIN(run_fma32_fused, CORRUPTION_FMA32, WITH_FMA, step_fma32, settle_floats)
CHAIN(run_fma64_fused, CORRUPTION_FMA64, WITH_FMA, step_fma64, settle_double)

typedef long long two_words __attribute__((vector_size(16)));

WITH_CRC static inline uint64_t step_crc(const struct chain *chain)
{
	const uint64_t low = __builtin_ia32_crc32di((uint32_t)chain->x, chain->y);
	const uint64_t high = __builtin_ia32_crc32di(chain->x >> 32, chain->z + chain->x);

	return low | high << 32;
}

WITH_AES static inline uint64_t step_aes(const struct chain *chain)
{
	const two_words text = { (long long)chain->x, (long long)chain->y };
	const two_words key = { (long long)chain->z, (long long)~chain->x };
	const two_words next = __builtin_ia32_aesenc128(text, key);

	return (uint64_t)next[0] + rotate((uint64_t)next[1], 17);
}

CHAIN(run_crc, CORRUPTION_CRC, WITH_CRC, step_crc, settle_any)
CHAIN(run_aes, CORRUPTION_AES, WITH_AES, step_aes, settle_any)
#endif
