/*
 * One GPU kept busy with one matrix product, over and over on the same random inputs: for burn-in
 * and for whoever needs a steady load. In the child of a worker, one child a GPU:
 *
 *   static struct gemm_load load;                       (or in the child's `state`)
 *   struct gemm_load_options options = { .type = GEMM_BF16, .shape = gemm_reference_shape };
 *
 *   gpu_driver_open(port, &driver, &err); gpu_device_find(&driver, "gpu:0000:19:00.0", &device,
 * &err); gemm_load_start(&device, &options, &load, &err);    once: some seconds at most while (…)
 * gemm_load_run(&load, 0.5, &slice, &err);  as often as wanted; sleep between for a duty
 * gemm_load_end(&load);
 *
 * gemm_load_run keeps the GPU at work for the slice: products are queued some fifty milliseconds at
 * a time, so that a GPU that hangs is known within the call limit of the worker. A slice of 0.2 to
 * 1 s fits a heat sampler of 1 Hz.
 */
#pragma once

#include "active/gemm_bench.h"

struct gemm_load_options {
	enum gemm_type type;
	struct gemm_shape shape; /* is made smaller until it fits into what memory is left */
	uint64_t memory_bytes;   /* at most so much; 0: three quarters of what is left */
	bool is_checked;         /* products are checked, see gemm_load_run */
};

/* What came of one slice. */
struct gemm_load_slice {
	double seconds;    /* by the GPU's own clock, of the products alone */
	double flop_per_s; /* over these seconds */
	uint64_t products;
	uint64_t checked, wrong; /* products */
	/* Where the first wrong one is off, by the sums of its rows and columns; no rows and
	 * columns when its sums are right all the same. */
	struct gemm_checksum_fault fault;
};

struct gemm_load {
	struct gemm_bench bench;
	struct gemm_job job;
	bool is_checked;
	uint64_t digest;           /* what the bits of each product have to be */
	struct gemm_checksum sums; /* and exactly its sums */
	struct arena arena;
};

/* Opens cublasLt, fills inputs and finds the fastest algorithm. After false nothing is held.
 * ret_load->job.product.shape is the shape that was taken. ERROR_UNSUPPORTED: the GPU does not
 * multiply the format. The device has to outlive the load. */
bool gemm_load_start(const struct gpu_device *device, const struct gemm_load_options *options,
		     struct gemm_load *ret_load, struct error *err);

/* Loads the GPU for about so many seconds, one product at least. When products are checked, it is
 * one each ten milliseconds, which costs about a percent: all of them are of the same inputs, so
 * that their bits have to be those of the first. That the first is right is not known here. */
bool gemm_load_run(struct gemm_load *load, double seconds, struct gemm_load_slice *ret_slice,
		   struct error *err);

void gemm_load_end(struct gemm_load *load);
