/*
 * One source of a kernel for four compilers: nvcc, NVRTC, HIP's (HIPRTC, or clang alone), and the C
 * compiler that builds the stand-ins for the drivers (test/vendor), where the blocks and threads of
 * a launch run one after the other. A kernel takes one struct by value, `a`; its threads do not
 * wait for each other.
 *
 *   KERNEL_COST(memory_copy, struct memory_work, 2 * 16.0 * a.count, a.into)
 *   KERNEL(memory_copy, struct memory_work)
 *   {
 *           EACH(i, a.count)
 *                   ...
 *   }
 *
 * KERNEL_COST tells the stand-in alone how many bytes of device memory a launch moves, and an
 * address among them; a kernel without one costs nothing but its start.
 */
#pragma once

typedef unsigned int u32;
typedef unsigned long long u64;

#if defined(__HIP__) || defined(__HIPCC_RTC__)
#define FOR_HIP
#elif defined(__CUDACC__)
#define FOR_CUDA
#endif

#ifdef FOR_CUDA

#define KERNEL(name, type) extern "C" __global__ void __launch_bounds__(1024) name(const type a)
#define KERNEL_COST(name, type, bytes, address)
#define DEVICE static __device__ __forceinline__
#define ALIGNED(bytes) __align__(bytes)

#define THREAD ((u64)blockIdx.x * blockDim.x + threadIdx.x) /* of all of the launch */
#define THREADS ((u64)gridDim.x * blockDim.x)
#define LIMIT(count) (count)

/* The multiprocessor that the thread is on now, and its lane in the warp. */
DEVICE u32 multiprocessor_here(void)
{
	u32 which;

	asm volatile("mov.u32 %0, %%smid;" : "=r"(which));
	return which;
}
#define MULTIPROCESSOR multiprocessor_here()
#define THREAD_OF_BLOCK threadIdx.x
#define LANE (THREAD_OF_BLOCK & 31u)

#define ADD(at, value) ((void)atomicAdd((u64 *)(at), (u64)(value)))
#define TAKE(at, value) atomicAdd((u64 *)(at), (u64)(value)) /* what was there before */
#define LOWER(at, value) ((void)atomicMin((u64 *)(at), (u64)(value)))
#define JOIN(at, value) ((void)atomicOr((u64 *)(at), (u64)(value)))

#define SHARED __shared__

/* Where the stand-in may corrupt what a multiprocessor computed. */
#define COMPUTED(value) (value)

#elif defined(FOR_HIP)

/* By what clang itself knows, without a header of HIP's. */
#define KERNEL(name, type)                                                                  \
	extern "C" __attribute__((global, amdgpu_flat_work_group_size(1, 1024))) void name( \
		const type a)
#define KERNEL_COST(name, type, bytes, address)
#define DEVICE static __attribute__((device, always_inline)) inline
#define ALIGNED(bytes) __attribute__((aligned(bytes)))
#define SHARED __attribute__((shared))

#define THREAD_OF_BLOCK ((u32)__builtin_amdgcn_workitem_id_x())
#define THREAD                                                                          \
	((u64)__builtin_amdgcn_workgroup_id_x() * __builtin_amdgcn_workgroup_size_x() + \
	 THREAD_OF_BLOCK)
#define THREADS ((u64)__builtin_amdgcn_grid_size_x()) /* HIP's grid is of threads */
#define LIMIT(count) (count)

/* The compute unit, of register HW_ID (4): from bit 8 its number, 4 bits, its array, 1, and its
 * shader engine, 3; and of XCC_ID (20), which is there from gfx940 on, the die. */
#if defined(__gfx940__) || defined(__gfx941__) || defined(__gfx942__) || defined(__gfx950__)
#define DIE ((u32)__builtin_amdgcn_s_getreg(20 | 0 << 6 | 3 << 11))
#else
#define DIE 0u
#endif
#define MULTIPROCESSOR (DIE << 8 | (u32)__builtin_amdgcn_s_getreg(4 | 8 << 6 | 7 << 11))
/* Half a wavefront, so that a result has as many lanes as on other GPUs. */
#define LANE (THREAD_OF_BLOCK & 31u)

#define ADD(at, value) ((void)__atomic_fetch_add((u64 *)(at), (u64)(value), __ATOMIC_RELAXED))
#define TAKE(at, value) __atomic_fetch_add((u64 *)(at), (u64)(value), __ATOMIC_RELAXED)
#define LOWER(at, value) ((void)__atomic_fetch_min((u64 *)(at), (u64)(value), __ATOMIC_RELAXED))
#define JOIN(at, value) ((void)__atomic_fetch_or((u64 *)(at), (u64)(value), __ATOMIC_RELAXED))

#define COMPUTED(value) (value)

#else

/* test/vendor/cuda_stand_in.h: its meson.build says so. */
#ifdef KERNEL_STAND_IN
#include KERNEL_STAND_IN
#endif

#define DEVICE static inline
#define ALIGNED(bytes) __attribute__((aligned(bytes)))

#define KERNEL_COST(name, type, bytes_moved, address_used)                                 \
	void cost_##name(void *const *arguments, struct kernel_cost *ret_cost);            \
	void cost_##name(void *const *arguments, struct kernel_cost *ret_cost)             \
	{                                                                                  \
		const type a = *(const type *)arguments[0];                                \
		*ret_cost = (struct kernel_cost){ (double)(bytes_moved), (address_used) }; \
	}

#define KERNEL(name, type)                                                            \
	static void name(const type a, struct kernel_place *place);                   \
	void kernel_##name(void *const *arguments, const struct kernel_place *start); \
	void kernel_##name(void *const *arguments, const struct kernel_place *start)  \
	{                                                                             \
		const type a = *(const type *)arguments[0];                           \
		struct kernel_place place = *start;                                   \
		while (kernel_next(&place))                                           \
			name(a, &place);                                              \
	}                                                                             \
	static void name(const type a, struct kernel_place *place)

#define THREAD ((u64)place->block * place->threads + place->thread)
#define THREADS ((u64)place->blocks * place->threads)
#define LIMIT(count) ((count) < place->limit ? (count) : place->limit)
#define MULTIPROCESSOR (place->multiprocessor)
#define LANE (place->thread & 31u)

#define ADD(at, value) ((void)(*(u64 *)(at) += (u64)(value)))
#define TAKE(at, value) kernel_take((u64 *)(at), (u64)(value))
#define LOWER(at, value) kernel_lower((u64 *)(at), (u64)(value))
#define JOIN(at, value) ((void)(*(u64 *)(at) |= (u64)(value)))

#define COMPUTED(value) kernel_computed(place, (value))

#endif

/* The indices below `count` that are this thread's, of all threads together each once. The stand-in
 * leaves out those beyond the memory that it really has. */
#define EACH(i, count) for (u64 i = THREAD; i < LIMIT(count); i += THREADS)
