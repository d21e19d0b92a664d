/*
 * NVIDIA's matrix products, for the child of a worker: libcublasLt.so.13, .12 or .11, found at run
 * time and declared in active/cublaslt_abi.h. Every call is announced with worker_calls() and the
 * GPU's name. Errors name the call, the GPU and the status; ERROR_MISSING is no library,
 * ERROR_UNSUPPORTED a version that is not known, a function that it lacks, or a product that it
 * does not do on this GPU.
 */
#pragma once

#include "active/cublaslt_abi.h"
#include "active/gemm.h"
#include "active/gpu_driver.h"

struct cublaslt {
	const struct gpu_device *device;
	struct library library;
	struct cublaslt_calls calls;
	unsigned version; /* 120803 is 12.8.3; 11401 is 11.4.1 */
	unsigned major;   /* 11, 12 or 13 */
	struct cublaslt_context *handle;
	uint64_t workspace; /* of the device */
	uint64_t workspace_bytes;
};

/* Opens the library on the device, which has to be the current one and to outlive it. */
bool cublaslt_open(const struct gpu_device *device, struct cublaslt *ret_library,
		   struct error *err);
void cublaslt_close(struct cublaslt *library);

/* One product, as gemm.h has it, that is ready to be started. `batch` of them lie behind each other
 * in each of A, B and D. */
struct gemm_product {
	enum gemm_type type;
	struct gemm_shape shape;
	unsigned batch;
	/* private: */
	struct cublaslt_description *description;
	struct cublaslt_layout *a, *b, *d;
	uint64_t scale; /* address of the float 1 that fp8 is scaled with; 0: none */
	struct cublaslt_algorithm algorithm;
};

/* Describes it and asks for an algorithm; the library's first choice until gemm_product_choose. */
bool gemm_product_make(const struct cublaslt *library, enum gemm_type type,
		       const struct gemm_shape *shape, unsigned batch,
		       struct gemm_product *ret_product, struct error *err);
void gemm_product_drop(const struct cublaslt *library, struct gemm_product *product);

/* Where a product is made: addresses of the device, the stream, and what times it. */
struct gemm_place {
	uint64_t a, b, d;
	struct gpu_stream *stream;
	struct gpu_timer timer;
};

/* Queues it once. */
bool gemm_product_start(const struct cublaslt *library, const struct gemm_product *product,
			const struct gemm_place *place, struct error *err);

/* Makes it so many times, and waits. *ret_seconds is what one took. */
bool gemm_product_time(const struct cublaslt *library, const struct gemm_product *product,
		       struct gemm_place *place, unsigned times, double *ret_seconds,
		       struct error *err);

/* Tries up to `count` algorithms (32 at most), each for some milliseconds, and keeps the fastest.
 * *ret_seconds is what one product took with it. */
bool gemm_product_choose(const struct cublaslt *library, struct gemm_product *product,
			 struct gemm_place *place, unsigned count, double *ret_seconds,
			 struct error *err);
