/* Stand-in for libcuda.so.1: memory, and the faults in it. */
#define _GNU_SOURCE /* memfd_create, MAP_ANONYMOUS */

#include "cuda_parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define GRAIN (UINT64_C(2) << 20)

static const double mib = 1048576;

/* Reserves addresses for all of the memory; pages come when they are touched. A GPU that has less
 * than it tells shows the same bytes again behind its end ("cuda_memory_alias"). */
static bool reserve(struct gpu_context *context)
{
	uint64_t real = (uint64_t)(stand_in_figure(context->gpu, "cuda_memory_alias", 0) * mib) /
			GRAIN * GRAIN;
	const int how = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	void *base = mmap(NULL, context->bytes, PROT_READ | PROT_WRITE, how, -1, 0);

	if (base == MAP_FAILED)
		return false;
	context->base = base;
	if (real == 0 || real >= context->bytes)
		return true;
	int file = memfd_create("cuda", MFD_CLOEXEC);
	bool good = file >= 0 && ftruncate(file, (off_t)real) == 0;
	for (uint64_t at = 0; good && at < context->bytes; at += real) {
		uint64_t bytes = context->bytes - at < real ? context->bytes - at : real;

		good = mmap(context->base + at, bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_FIXED | MAP_NORESERVE, file, 0) != MAP_FAILED;
	}
	if (file >= 0)
		(void)close(file);
	return good;
}

static void unmap(struct gpu_context *context)
{
	if (context->base)
		(void)munmap(context->base, context->bytes);
	context->base = NULL;
	context->allocation_count = 0;
}

uint32_t cuDevicePrimaryCtxRelease_v2(int device)
{
	uint32_t status;

	if (!cuda_enter("cuDevicePrimaryCtxRelease_v2", device, &status))
		return status;
	struct gpu_context *context = &cuda_stand_in.contexts[device];
	if (context->users == 0)
		return CUDA_STATUS_INVALID_CONTEXT;
	if (--context->users == 0) {
		unmap(context);
		context->peers = 0;
		if (cuda_stand_in.current == context)
			cuda_stand_in.current = NULL;
	}
	return CUDA_STATUS_SUCCESS;
}

static uint64_t free_bytes(const struct gpu_context *context)
{
	uint64_t used = (uint64_t)(stand_in_figure(context->gpu, "memory_used", 0) * mib);

	for (unsigned i = 0; i < context->allocation_count; i++)
		used += context->allocations[i].bytes;
	return used < context->bytes ? context->bytes - used : 0;
}

uint32_t cuMemGetInfo_v2(size_t *left, size_t *total)
{
	struct gpu_context *context;
	uint32_t status;

	if (!cuda_enter_context("cuMemGetInfo_v2", &context, &status))
		return status;
	*left = free_bytes(context);
	*total = context->bytes;
	return CUDA_STATUS_SUCCESS;
}

/* The first gap that is wide enough. */
static bool place(struct gpu_context *context, uint64_t bytes, uint64_t *ret_offset)
{
	struct cuda_allocation *all = context->allocations;
	uint64_t offset = 0;
	unsigned at = 0;

	if (context->allocation_count == CUDA_PARTS_ALLOCATIONS)
		return false;
	while (at < context->allocation_count && all[at].offset - offset < bytes) {
		offset = all[at].offset + all[at].bytes;
		at++;
	}
	if (offset + bytes > context->bytes)
		return false;
	memmove(&all[at + 1], &all[at], (context->allocation_count - at) * sizeof(*all));
	all[at] = (struct cuda_allocation){ offset, bytes };
	context->allocation_count++;
	*ret_offset = offset;
	return true;
}

uint32_t cuMemAlloc_v2(uint64_t *address, size_t bytes)
{
	struct gpu_context *context;
	uint64_t offset;
	uint32_t status;

	if (!cuda_enter_context("cuMemAlloc_v2", &context, &status))
		return status;
	if (bytes == 0)
		return CUDA_STATUS_INVALID_VALUE;
	uint64_t rounded = (bytes + GRAIN - 1) / GRAIN * GRAIN;
	if (rounded > free_bytes(context) || (!context->base && !reserve(context)) ||
	    !place(context, rounded, &offset))
		return CUDA_STATUS_OUT_OF_MEMORY;
	*address = (uint64_t)(uintptr_t)(context->base + offset);
	return CUDA_STATUS_SUCCESS;
}

struct gpu_context *cuda_owner(uint64_t address)
{
	for (unsigned i = 0; i < cuda_stand_in.count; i++) {
		struct gpu_context *context = &cuda_stand_in.contexts[i];
		uint64_t base = (uint64_t)(uintptr_t)context->base;

		if (context->base && address >= base && address - base < context->bytes)
			return context;
	}
	return NULL;
}

int stand_in_gpu_of_address(uint64_t address)
{
	const struct gpu_context *context = cuda_owner(address);

	return context ? context->gpu : -1;
}

uint32_t cuMemFree_v2(uint64_t address)
{
	struct gpu_context *context = cuda_owner(address);
	uint32_t status;

	if (!context)
		return address == 0 ? CUDA_STATUS_SUCCESS : CUDA_STATUS_INVALID_VALUE;
	if (!stand_in_may(context->gpu, "cuMemFree_v2", &status))
		return status;
	uint64_t offset = address - (uint64_t)(uintptr_t)context->base;
	for (unsigned i = 0; i < context->allocation_count; i++) {
		struct cuda_allocation *one = &context->allocations[i];

		if (one->offset != offset)
			continue;
		memmove(one, one + 1, (context->allocation_count - i - 1) * sizeof(*one));
		context->allocation_count--;
		return CUDA_STATUS_SUCCESS;
	}
	return CUDA_STATUS_INVALID_VALUE;
}

uint32_t cuMemHostAlloc(void **at, size_t bytes, unsigned flags)
{
	struct gpu_context *context;
	uint32_t status;

	(void)flags;
	if (!cuda_enter_context("cuMemHostAlloc", &context, &status))
		return status;
	void *taken = NULL;
	if (bytes == 0 || posix_memalign(&taken, 4096, bytes) != 0)
		return CUDA_STATUS_OUT_OF_MEMORY;
	*at = taken;
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuMemFreeHost(void *at)
{
	free(at);
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuMemHostGetDevicePointer_v2(uint64_t *address, void *at, unsigned flags)
{
	(void)flags;
	*address = (uint64_t)(uintptr_t)at;
	return CUDA_STATUS_SUCCESS;
}

static bool is_allocated(const struct gpu_context *context, uint64_t offset)
{
	for (unsigned i = 0; i < context->allocation_count; i++)
		if (offset >= context->allocations[i].offset &&
		    offset - context->allocations[i].offset < context->allocations[i].bytes)
			return true;
	return false;
}

/* The byte that a fault of memory is in: "OFFSET MASK …"; NULL where nothing is allocated. */
static unsigned char *faulty_byte(struct gpu_context *context, const char *value,
				  unsigned char *ret_mask)
{
	double offset;
	double mask;

	if (!context->base || !scenario_word(value, 0, &offset) ||
	    !scenario_word(value, 1, &mask) || !is_allocated(context, (uint64_t)offset))
		return NULL;
	*ret_mask = (unsigned char)mask;
	return context->base + (uint64_t)offset;
}

/* "memory_flip OFFSET MASK AFTER": once, after so many times that something was written. */
static void flip(struct gpu_context *context)
{
	const struct scenario *scenario = &cuda_stand_in.scenario;
	const struct scenario_line *line;

	for (unsigned i = 0; (line = scenario_nth(scenario, context->gpu, "memory_flip", i)); i++) {
		bool *is_spent = &cuda_stand_in.is_spent[line - scenario->lines];
		unsigned char mask = 0;
		double after = 0;
		unsigned char *byte = faulty_byte(context, line->value, &mask);

		(void)scenario_word(line->value, 2, &after);
		if (*is_spent || !byte || !scenario_holds(scenario, line) ||
		    context->writes <= after)
			continue;
		*byte ^= mask;
		*is_spent = true;
	}
}

void cuda_age(struct gpu_context *context)
{
	const char *value;

	context->writes++;
	/* "memory_stuck OFFSET MASK VALUE": bits that are always 0, or always 1. */
	for (unsigned i = 0; (value = stand_in_line(context->gpu, "memory_stuck", i)); i++) {
		unsigned char mask = 0;
		double is_one = 0;
		unsigned char *byte = faulty_byte(context, value, &mask);

		(void)scenario_word(value, 2, &is_one);
		if (byte)
			*byte = (unsigned char)(is_one >= 1 ? *byte | mask : *byte & ~mask);
	}
	flip(context);
}
