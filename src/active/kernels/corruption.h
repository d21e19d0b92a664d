/*
 * Arguments of the kernels in corruption.cu. Each thread runs the chain of its lane, the same on
 * all multiprocessors, and writes its digest and where it ran. Addresses are of device memory, one
 * word of 8 bytes a thread. A kernel needs a GPU of sm_80 or newer.
 */
#pragma once

struct corruption_work_gpu {
	unsigned long long seed, steps;
	unsigned long long digests; /* address */
	unsigned long long places;  /* address: number of the multiprocessor */
	unsigned long long memory;  /* address of `words` words that memory_fill has filled */
	unsigned long long words;   /* a power of two */
};
