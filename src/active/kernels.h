/*
 * Our kernels, as text inside the program. `x` of the list `kernels` in meson.build is a file
 * kernels/x.cu, which includes kernels/dialect.h and its arguments' kernels/x.h and nothing else,
 * and kernels/x.ptx, made of it by tools/make-ptx. A kernel takes one argument, a struct.
 */
#pragma once

struct kernel_source {
	const char *name; /* "memory" */
	const char *text; /* CUDA C++, which HIP is too, with what it includes */
	const char *ptx;  /* for drivers from R525 (PTX ISA 8.0) and GPUs from sm_75 on */
};

extern const struct kernel_source kernels_corruption;
extern const struct kernel_source kernels_gemm;
extern const struct kernel_source kernels_memory;
extern const struct kernel_source kernels_payload;
