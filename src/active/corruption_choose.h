/*
 * Which function runs a kernel on this processor, as corruption_steps.h has them.
 */
#pragma once

#include "active/corruption_wide.h"

typedef void kernel_function(struct corruption_work *work, uint64_t *digests);

#ifdef __x86_64__
static kernel_function *choose_special(enum corruption_kernel kernel)
{
	const bool has_fma = __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx2");

	if (kernel == CORRUPTION_CRC && __builtin_cpu_supports("sse4.2"))
		return run_crc;
	if (kernel == CORRUPTION_AES && __builtin_cpu_supports("aes"))
		return run_aes;
	if (kernel == CORRUPTION_VECTOR && __builtin_cpu_supports("avx512f") &&
	    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vl"))
		return run_vector_avx512;
	if (kernel == CORRUPTION_VECTOR && __builtin_cpu_supports("avx2"))
		return run_vector_avx2;
	if (kernel == CORRUPTION_FMA32 && has_fma)
		return run_fma32_fused;
	if (kernel == CORRUPTION_FMA64 && has_fma)
		return run_fma64_fused;
	if (kernel == CORRUPTION_VECTOR_FMA && has_fma)
		return run_vector_fma_fused;
	if (kernel == CORRUPTION_MATRIX && has_fma)
		return run_matrix_fused;
	return NULL;
}
#else
static kernel_function *choose_special(enum corruption_kernel kernel)
{
	(void)kernel;
	return NULL;
}
#endif

static kernel_function *const plain_kernels[CORRUPTION_KERNEL_COUNT] = {
	[CORRUPTION_INTEGER] = run_integer, [CORRUPTION_BITS] = run_bits,
	[CORRUPTION_DIVIDE] = run_divide,   [CORRUPTION_FMA32] = run_fma32,
	[CORRUPTION_FMA64] = run_fma64,     [CORRUPTION_ROOT] = run_root,
	[CORRUPTION_VECTOR] = run_vector,   [CORRUPTION_VECTOR_FMA] = run_vector_fma,
	[CORRUPTION_MATRIX] = run_matrix,
};

/* By C alone, which any compiler makes what it has of; false where there is no such way. */
static bool run_plain(struct corruption_work *work, enum corruption_kernel kernel, uint64_t *lanes)
{
	if (kernel == CORRUPTION_L1 || kernel == CORRUPTION_L2 || kernel == CORRUPTION_MEMORY)
		run_walk(work, kernel, lanes);
	else if (plain_kernels[kernel])
		plain_kernels[kernel](work, lanes);
	else
		return false;
	return true;
}

/* The digests of one kernel; false, and nothing is done, where the processor does not have it. */
static bool run_kernel(struct corruption_work *work, enum corruption_kernel kernel, uint64_t *lanes)
{
	kernel_function *special = choose_special(kernel);

	memset(lanes, 0, CORRUPTION_LANES * sizeof(*lanes));
	if (!special)
		return run_plain(work, kernel, lanes);
	special(work, lanes);
	return true;
}
