/*
 * What a GPU needs to make matrix products that can be trusted, in the child of a worker: cublasLt,
 * inputs that are never zero, the time of products, digests and checksums of what came out.
 */
#pragma once

#include "active/cublaslt.h"
#include "active/gemm_checksum.h"

struct gemm_bench {
	const struct gpu_device *device;
	struct cublaslt library;
	struct gpu_kernels filling, digesting;
	struct gpu_stream *stream;
	struct gpu_timer timer;
	uint64_t word; /* of the device, for results of kernels */
};

/* After false nothing is held. The device has to outlive it. */
bool gemm_bench_open(const struct gpu_device *device, struct gemm_bench *ret_bench,
		     struct error *err);
void gemm_bench_close(struct gemm_bench *bench);

/* Fills `bytes` of the device as gemm_fill does with these; whole words of 8 bytes. Only begun. */
struct gemm_input {
	enum gemm_type type;
	enum gemm_fill fill;
	uint64_t seed;
};
bool gemm_bench_fill(const struct gemm_bench *bench, struct gemm_input input, uint64_t address,
		     uint64_t bytes, struct error *err);

/* A digest of `bytes` of the device, whole words of 8 bytes. Waits. */
bool gemm_bench_digest(const struct gemm_bench *bench, uint64_t address, uint64_t bytes,
		       uint64_t *ret_digest, struct error *err);

struct gemm_wanted {
	enum gemm_type type;
	struct gemm_shape shape;
	unsigned batch;
};

/* One product with inputs of its own. */
struct gemm_job {
	struct gemm_product product;
	struct gemm_place place;
	uint64_t output_bytes;
	double product_s; /* what one takes */
};

enum {
	GEMM_JOB_SEED = 1,
};

/* Takes memory, fills A and B with GEMM_JOB_SEED and its successor, D with something else, and
 * takes the fastest of `algorithms` (1: the library's first choice). ERROR_UNSUPPORTED: not on this
 * GPU. */
bool gemm_job_make(const struct gemm_bench *bench, const struct gemm_wanted *wanted,
		   unsigned algorithms, struct gemm_job *ret_job, struct error *err);
void gemm_job_drop(const struct gemm_bench *bench, struct gemm_job *job);

/* Makes the product so many times; *ret_seconds is what one took. */
bool gemm_job_time(const struct gemm_bench *bench, struct gemm_job *job, unsigned times,
		   double *ret_seconds, struct error *err);

bool gemm_job_digest(const struct gemm_bench *bench, const struct gemm_job *job,
		     uint64_t *ret_digest, struct error *err);

/* The sums of D's rows and columns, made on the device in one reading each, with deviations of
 * 2^-25 an element; *ret_is_wild when D has what is no number or 2^20 and above. Batches of
 * one only. */
bool gemm_job_sums(const struct gemm_bench *bench, const struct gemm_job *job, struct arena *arena,
		   struct gemm_sums *ret_sums, bool *ret_is_wild, struct error *err);

/* What a small product of whole numbers has to be, and what came out. */
struct gemm_exact {
	uint64_t elements, wrong;
	uint64_t row, column; /* of the first wrong one */
	double is, should;
};

/* Multiplies whole numbers on the device and on the processor: 128 x 128 x GEMM_EXACT_K. */
bool gemm_bench_exact(const struct gemm_bench *bench, enum gemm_type type, struct arena *arena,
		      struct gemm_exact *ret_exact, struct error *err);
