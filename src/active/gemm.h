/*
 * Matrix products as data: their number formats, shapes, inputs and exact results. Nothing here
 * needs a GPU.
 *
 * One convention for all: D = A x B^T, every matrix in rows. A is M x K, B is N x K as the weights
 * of a linear layer are kept, D is M x N. It is the only order of inputs that products of 8-bit
 * floats have, and the fast one of the others.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gemm_type {
	GEMM_BF16,
	GEMM_FP16,
	GEMM_TF32, /* kept in 32 bits, multiplied with 10 bits of fraction */
	GEMM_FP32, /* no tensor cores */
	GEMM_FP8,  /* e4m3, one scale of 1 a matrix, sums kept in the tensor core; D is bf16 */
	GEMM_FP64,
	GEMM_TYPE_COUNT,
};

extern const char *const gemm_type_names[GEMM_TYPE_COUNT]; /* "bf16", "fp16", … */

/* Of the elements of D: 8-bit inputs make 16-bit results. */
enum gemm_type gemm_output_type(enum gemm_type type);

struct gemm_shape {
	uint64_t m, n, k;
};

/* That of the published figures, 8192 each way. */
extern const struct gemm_shape gemm_reference_shape;

enum {
	GEMM_NAME_SIZE = 96,
};

/* "bf16:8192x8192x8192", and "*32" behind it for a batch of 32: how the device of a record names
 * it, behind the GPU and a slash. */
void gemm_name(enum gemm_type type, const struct gemm_shape *shape, unsigned batch,
	       char ret_name[static GEMM_NAME_SIZE]);

/* 2 M N K. */
double gemm_operations(const struct gemm_shape *shape);

/* Bytes of an element in the format. */
unsigned gemm_element_bytes(enum gemm_type type);

/* Bytes of A, B and D together, each rounded up to 256. */
uint64_t gemm_bytes(enum gemm_type type, const struct gemm_shape *shape);

/* Halves the longest side until `bytes` hold the three matrices. False, and the shape is left as it
 * was, when that takes a side below 256. */
bool gemm_fit(enum gemm_type type, struct gemm_shape *shape, uint64_t bytes);

/* True when a GPU of that compute capability (90: sm_90) multiplies the format. */
bool gemm_is_served(enum gemm_type type, unsigned capability);

/* An element as a number and back; `to` rounds to nearest even and saturates where the format has
 * no infinity. */
double gemm_decode(enum gemm_type type, const void *element);
void gemm_encode(enum gemm_type type, double value, void *ret_element);

/* What inputs are filled with. */
enum gemm_fill {
	/* Like a normal distribution of deviation 1: the sum of four uniform numbers. Its bits
	 * toggle as those of a model's do, and so does the power that they draw. */
	GEMM_FILL_NORMAL,
	/* Whole numbers from -2 to 2: a product of at most GEMM_EXACT_K terms is exact in every
	 * format, in whichever order it is summed. */
	GEMM_FILL_WHOLE,
};

enum {
	GEMM_EXACT_K = 64, /* 64 terms of at most 4: 256, which 8 bits of fraction still hold */
};

/* Element `first` and those behind it of the stream that the seed names, `count` of them, in the
 * format of A and B. The same on every machine. */
void gemm_fill(enum gemm_type type, enum gemm_fill fill, uint64_t seed, uint64_t first,
	       uint64_t count, void *into);

/* Key of the random stream behind it: what the kernel takes that fills on the device. */
uint64_t gemm_fill_key(uint64_t seed);

/* How an element is kept. */
struct gemm_coding {
	unsigned bytes;
	unsigned exponent_bits, fraction_bits; /* 0 of both: a float or a double of C */
	unsigned shift;                        /* bits of the element below the code */
};
struct gemm_coding gemm_coding(enum gemm_type type);

/* D of A and B in order of K with double sums, rounded once: the exact product of whole numbers.
 * All in the formats of the type. */
void gemm_multiply(enum gemm_type type, const struct gemm_shape *shape, const void *a,
		   const void *b, void *ret_d);

/* FNV-1a of 64 bits over words of 8 bytes, the rest by bytes. `bytes` begun with GEMM_DIGEST_START;
 * pieces have to be cut at multiples of 8. */
#define GEMM_DIGEST_START UINT64_C(0xcbf29ce484222325)
uint64_t gemm_digest(uint64_t digest, const void *bytes, size_t count);
