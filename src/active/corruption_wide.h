/*
 * Kernels whose lanes go side by side, as corruption_steps.h has them: lanes of vectors, words of a
 * cache line, rows of a matrix.
 */
#pragma once

#include "active/corruption_steps.h"

typedef uint64_t eight_words __attribute__((vector_size(64), aligned(64)));
typedef double eight_doubles __attribute__((vector_size(64), aligned(64)));

/* Products of halves, sums, shifts, comparisons and choices of integers, and unfused products and
 * sums of doubles; halves of the vector change places for one operation and come back, so that a
 * lane's fault stays its own. */
#define VECTOR(name, target)                                                                       \
	target static void name(struct corruption_work *work, uint64_t *digests)                   \
	{                                                                                          \
		const eight_words ones = { 1, 1, 1, 1, 1, 1, 1, 1 };                               \
		const uint64_t key = random_of(work, CORRUPTION_VECTOR);                           \
		eight_words x, y, sums;                                                            \
                                                                                                   \
		for (unsigned lane = 0; lane < CORRUPTION_LANES; lane++) {                         \
			x[lane] = random_u64(key, 2 * lane);                                       \
			y[lane] = random_u64(key, 2 * lane + 1);                                   \
			sums[lane] = 0;                                                            \
		}                                                                                  \
		for (unsigned step = 0; step < work->size.steps; step++) {                         \
			IN_ALL_LANES(x[lane] = HELD(work, lane, x[lane]));                         \
			const eight_words product = (x & 0xffffffffu) * (y >> 32);                 \
			const eight_words sum = (product ^ y << 21 ^ y >> 43) + x;                 \
			const eight_words is_above = (eight_words)(sum > y);                       \
			const eight_words chosen = (is_above & sum) | (~is_above & (x ^ product)); \
			const eight_words turned =                                                 \
				__builtin_shufflevector(chosen, chosen, 4, 5, 6, 7, 0, 1, 2, 3);   \
			const eight_words mixed = (turned ^ turned >> 27) + ones;                  \
			eight_words next =                                                         \
				__builtin_shufflevector(mixed, mixed, 4, 5, 6, 7, 0, 1, 2, 3);     \
			const eight_doubles real =                                                 \
				(eight_doubles)((y >> 12) | 0x3fe0000000000000u);                  \
                                                                                                   \
			next ^= (eight_words)(real * (eight_doubles)((x >> 12) |                   \
								     0x3fd0000000000000u) +        \
					      real)                                                \
				<< 1;                                                              \
			next += x << 7;                                                            \
			IN_ALL_LANES(next[lane] = SKIPPED(work, lane)                              \
							  ? x[lane]                                \
							  : RESULT(work, lane, next[lane]));       \
			sums = ((sums << 23) | (sums >> 41)) ^ next;                               \
			sums += sums << 3;                                                         \
			y = x;                                                                     \
			x = next;                                                                  \
		}                                                                                  \
		for (unsigned lane = 0; lane < CORRUPTION_LANES; lane++)                           \
			digests[lane] = sums[lane];                                                \
	}

VECTOR(run_vector, ON_ANY)
#ifdef __x86_64__
VECTOR(run_vector_avx2, WITH_AVX2)
VECTOR(run_vector_avx512, WITH_AVX512)

typedef double four_doubles __attribute__((vector_size(32)));

WITH_FMA static void run_vector_fma_fused(struct corruption_work *work, uint64_t *digests)
{
	const uint64_t key = random_of(work, CORRUPTION_VECTOR_FMA);
	uint64_t x[CORRUPTION_LANES], y[CORRUPTION_LANES], z[CORRUPTION_LANES];
	uint64_t next[CORRUPTION_LANES];

	for (unsigned lane = 0; lane < CORRUPTION_LANES; lane++) {
		const struct chain chain = begin(key, lane, settle_double);

		x[lane] = chain.x;
		y[lane] = chain.y;
		z[lane] = chain.z;
	}
	for (unsigned step = 0; step < work->size.steps; step++) {
		IN_ALL_LANES(x[lane] = HELD(work, lane, x[lane]));
		for (unsigned half = 0; half < CORRUPTION_LANES; half += 4) {
			four_doubles a, b, c;

			memcpy(&a, &x[half], sizeof(a));
			memcpy(&b, &y[half], sizeof(b));
			memcpy(&c, &z[half], sizeof(c));
			a = __builtin_ia32_vfmaddpd256(a, b, c);
			memcpy(&next[half], &a, sizeof(a));
		}
		for (unsigned lane = 0; lane < CORRUPTION_LANES; lane++) {
			if (SKIPPED(work, lane))
				continue;
			next[lane] = RESULT(work, lane, next[lane]);
			digests[lane] = corruption_fold(digests[lane], next[lane]);
			z[lane] = y[lane];
			y[lane] = x[lane];
			x[lane] = settle_double(next[lane]);
		}
	}
}
#endif

/* Throws what was written out of all caches, so that the next reading is one of the memory. */
static void flush(const uint64_t *memory, size_t words)
{
#ifdef __x86_64__
	for (size_t i = 0; i < words; i += CORRUPTION_LANES)
		__builtin_ia32_clflush(&memory[i]);
	__builtin_ia32_mfence();
#else
	(void)memory;
	(void)words;
#endif
}

struct walk {
	size_t words, leap; /* a power of two; odd */
	bool is_flushed;
};

/* What word `i` holds in a pass: its address mixed with the seed, a checkerboard, one bit that
 * walks, chance. */
IN_PLACE uint64_t pattern(uint64_t key, unsigned pass, size_t i)
{
	switch (pass & 3) {
	case 0:
		return key ^ i * 0x9e3779b97f4a7c15u;
	case 1:
		return i & 1 ? 0xaaaaaaaaaaaaaaaau : 0x5555555555555555u;
	case 2:
		return 1ull << (i & 63);
	default:
		return random_u64(key, i);
	}
}

/* One way through the memory, of four. What is left behind is not what is written next, so that a
 * write that does not happen shows. */
IN_PLACE void sweep_once(struct corruption_work *work, const struct walk *walk, uint64_t key,
			 unsigned pass, unsigned sweep, uint64_t *digests)
{
	volatile uint64_t *memory = work->memory;
	const size_t mask = walk->words - 1;

	for (size_t n = 0; n < walk->words; n++) {
		const size_t i = (sweep < 2 ? n : mask - n) * walk->leap & mask;
		const unsigned lane = i & (CORRUPTION_LANES - 1);
		uint64_t word = pattern(key, pass, i);

		if (SKIPPED(work, lane))
			continue;
		if (sweep > 0) {
			word = HELD(work, lane, LOADED(work, lane, memory[i]));
			digests[lane] = corruption_fold(digests[lane], word);
			word = ~word;
		}
		memory[i] = sweep < 3 ? STORED(work, lane, RESULT(work, lane, word)) : word;
	}
}

/* Writes a pattern, turns every word over on the way up and back on the way down, and reads: the
 * marching tests of memories. What is read is not compared here but folded, each lane being the
 * words of one place in a cache line. */
static void march(struct corruption_work *work, const struct walk *walk, uint64_t key,
		  unsigned pass, uint64_t *digests)
{
	for (unsigned sweep = 0; sweep < 4; sweep++) {
		if (walk->is_flushed && sweep > 0)
			flush(work->memory, walk->words);
		sweep_once(work, walk, key, pass, sweep, digests);
	}
}

static void run_walk(struct corruption_work *work, enum corruption_kernel kernel, uint64_t *digests)
{
	const uint64_t key = random_of(work, kernel);

	if (kernel == CORRUPTION_MEMORY) {
		const struct walk far = { work->size.far_words, 1, true };

		march(work, &far, key, (unsigned)work->seed, digests);
		return;
	}
	for (unsigned pass = 0; pass < (kernel == CORRUPTION_L1 ? 32 : 4); pass++) {
		const struct walk near = { work->size.near_words, 1, false };
		const struct walk middle = { work->size.middle_words, 4099, false };

		march(work, kernel == CORRUPTION_L1 ? &near : &middle, key, pass, digests);
	}
}

enum {
	SIDE = CORRUPTION_LANES,
	STEPS_A_PRODUCT = 16, /* so that a product counts as so many steps of a chain */
};

/* C = A B by fused multiply-adds; the next A is C. Rows are lanes: a row of C needs the same row of
 * A and all of B. */
#define MATRIX(name, target)                                                                  \
	target static void name(struct corruption_work *work, uint64_t *digests)              \
	{                                                                                     \
		const uint64_t key = random_of(work, CORRUPTION_MATRIX);                      \
		uint64_t a[SIDE][SIDE], c[SIDE];                                              \
		double b[SIDE][SIDE];                                                         \
                                                                                              \
		for (unsigned i = 0; i < SIDE * SIDE; i++) {                                  \
			a[i / SIDE][i % SIDE] = settle_double(random_u64(key, i));            \
			b[i / SIDE][i % SIDE] =                                               \
				double_of(settle_double(random_u64(key, i + SIDE * SIDE)));   \
		}                                                                             \
		for (unsigned step = 0; step < work->size.steps / STEPS_A_PRODUCT; step++)    \
			for (unsigned lane = 0; lane < SIDE; lane++) {                        \
				if (SKIPPED(work, lane))                                      \
					continue;                                             \
				for (unsigned j = 0; j < SIDE; j++)                           \
					a[lane][j] = HELD(work, lane, a[lane][j]);            \
				for (unsigned j = 0; j < SIDE; j++) {                         \
					double sum = 0;                                       \
                                                                                              \
					for (unsigned k = 0; k < SIDE; k++)                   \
						sum = __builtin_fma(double_of(a[lane][k]),    \
								    b[k][j], sum);            \
					c[j] = RESULT(work, lane, bits_of_double(sum));       \
					digests[lane] = corruption_fold(digests[lane], c[j]); \
				}                                                             \
				for (unsigned j = 0; j < SIDE; j++)                           \
					a[lane][j] = settle_double(c[j]);                     \
			}                                                                     \
	}

MATRIX(run_matrix, ON_ANY)
#ifdef __x86_64__
MATRIX(run_matrix_fused, WITH_FMA)
#endif
