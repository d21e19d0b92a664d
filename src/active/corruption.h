/*
 * Kernels of one class of instructions each, for finding processors that compute wrongly without
 * an error: the same input on every unit has to give the same bits. A kernel runs eight lanes, each
 * a chain of its own, and folds every intermediate result of a lane into 64 bits, so that no wrong
 * bit is averaged, rounded or tolerated away; a NaN is bits like any other. What a kernel computes
 * is exact by the rules of integers and of IEEE 754 (fused multiply-adds are asked for by name), so
 * that a seed has one digest on every machine and with every compiler.
 *
 * Pure: it reads no clock and keeps nothing. The steps are in corruption_steps.h, which tests
 * compile a second time with faults built in; there is no way to a fault in here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum corruption_kernel {
	CORRUPTION_INTEGER,    /* 64-bit multiplications and additions */
	CORRUPTION_BITS,       /* shifts, rotations, logic, counts of bits, byte order */
	CORRUPTION_DIVIDE,     /* 64-bit divisions with remainder */
	CORRUPTION_FMA32,      /* fused multiply-adds of single precision */
	CORRUPTION_FMA64,      /* and of double precision */
	CORRUPTION_ROOT,       /* square roots and divisions of double precision */
	CORRUPTION_VECTOR,     /* vectors of integers and doubles, as wide as the processor has */
	CORRUPTION_VECTOR_FMA, /* vectors of fused multiply-adds */
	CORRUPTION_CRC,        /* CRC-32C by its own instruction, on x86-64 alone */
	CORRUPTION_AES,        /* AES rounds, on x86-64 alone */
	CORRUPTION_L1,         /* patterns marching through 16 KiB */
	CORRUPTION_L2,         /* and 256 KiB, in leaps */
	CORRUPTION_MEMORY,     /* and 4 MiB, thrown out of the caches between writing and reading */
	CORRUPTION_MATRIX,     /* small matrix products */
	CORRUPTION_KERNEL_COUNT,
};

extern const char *const corruption_kernel_names[CORRUPTION_KERNEL_COUNT]; /* "fma64" */

enum {
	CORRUPTION_LANES = 8,
	CORRUPTION_KNOWN_SEEDS = 4, /* 0 to 3 have digests that are known beforehand */
};

/* How much a kernel does. Words are 64-bit and powers of two, at least 64. */
struct corruption_size {
	uint32_t steps; /* of a chain */
	uint32_t near_words, middle_words, far_words;
};

/* What active tests run; the known digests are of this size. A round of all kernels takes some 20
 * milliseconds. */
extern const struct corruption_size corruption_full;

struct corruption_work {
	uint64_t seed;
	struct corruption_size size;
	uint64_t *memory; /* far_words of them, aligned to a cache line; overwritten */
};

/* Whether every kind of processor has the kernel, and the digest that is published for a seed. The
 * others exist on x86-64 alone. */
bool corruption_is_everywhere(enum corruption_kernel kernel);

/* False where this processor lacks the instructions; true for all that needs none. */
bool corruption_has(enum corruption_kernel kernel);

/* Runs a kernel that this processor has; ret_lanes[i] is the digest of lane i. */
void corruption_run(struct corruption_work *work, enum corruption_kernel kernel,
		    uint64_t ret_lanes[static CORRUPTION_LANES]);

/* Adds a result to a digest. For each digest another result gives another digest, and for each
 * result another digest does. */
static inline uint64_t corruption_fold(uint64_t digest, uint64_t result)
{
	digest = (digest << 23 | digest >> 41) ^ result;
	return digest + (digest << 3);
}

/* The lanes as one. */
uint64_t corruption_join(const uint64_t lanes[static CORRUPTION_LANES]);

/* corruption_join of a kernel of full size, seeds 0 to CORRUPTION_KNOWN_SEEDS - 1. */
uint64_t corruption_known(enum corruption_kernel kernel, unsigned seed);
