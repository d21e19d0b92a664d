/*
 * The payload (active/payload.h) in the memory of a GPU, written and compared by the GPU itself
 * with the kernels of kernels/payload.cu: every element, whatever the size.
 */
#pragma once

#include "active/gpu_driver.h"
#include "active/payload.h"

struct payload_gpu {
	const struct gpu_device *device;
	struct gpu_kernels kernels;
	uint64_t faults; /* address of what a comparison tells */
};

bool payload_gpu_open(const struct gpu_device *device, struct payload_gpu *ret_gpu,
		      struct error *err);

/* What the rank sends, from element 0 on. */
bool payload_gpu_write(const struct payload_gpu *gpu, unsigned rank, uint64_t into,
		       uint64_t elements, struct error *err);

/* Before an operation: what is sent is at `from` once more, and at `into` is nothing that could
 * pass for its result. */
bool payload_gpu_prepare(const struct payload_gpu *gpu, const struct payload *payload,
			 uint64_t from, uint64_t into, struct error *err);

/* Compares what came, bit by bit; the stream that brought it has been waited for. */
bool payload_gpu_verify(const struct payload_gpu *gpu, const struct payload *payload, uint64_t into,
			struct payload_verdict *ret_verdict, struct error *err);
