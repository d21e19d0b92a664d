#include "active/stream.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

const char *const stream_names[] = {
	[STREAM_COPY] = "copy",
	[STREAM_SCALE] = "scale",
	[STREAM_ADD] = "add",
	[STREAM_TRIAD] = "triad",
};
static_assert(sizeof(stream_names) / sizeof(stream_names[0]) == STREAM_KERNEL_COUNT,
	      "a name for each kernel");

/* The square root of 2, less 1: 2 s + s² is 1, so a round of the four kernels leaves the values
 * where they were, and any number of rounds neither overflows nor vanishes. */
static const double factor = 0.41421356237309505;

/* Two elements, which every processor with vectors has a register for. */
typedef double pair __attribute__((vector_size(16)));

unsigned stream_bytes(enum stream_kernel kernel)
{
	return kernel == STREAM_COPY || kernel == STREAM_SCALE ? 2 * sizeof(double)
							       : 3 * sizeof(double);
}

static inline pair load(const double *from)
{
	return *(const pair *)(const void *)from;
}

/* Past the caches: a plain store would first read the line that it is going to overwrite whole. */
static inline void store(double *into, pair value)
{
	pair *at = (pair *)(void *)into;

#if defined(__clang__)
	__builtin_nontemporal_store(value, at);
#elif defined(__SSE2__)
	__builtin_ia32_movntpd((double *)at, value);
#else
	*at = value;
#endif
}

/* Stores past the caches become visible to the other threads. */
static void settle(void)
{
	__sync_synchronize();
}

static double first_value(size_t class)
{
	return 1.0 + (double)class / 64.0;
}

void stream_fill(const struct stream *stream, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		stream->a[i] = first_value(i % STREAM_CLASSES);
		stream->b[i] = 2.0;
		stream->c[i] = 0.0;
	}
}

static void run_pairs(const struct stream *stream, enum stream_kernel kernel, size_t from,
		      size_t to)
{
	const pair s = { factor, factor };
	const double *a = stream->a, *b = stream->b, *c = stream->c;

	switch (kernel) {
	case STREAM_COPY:
		for (size_t i = from; i + 1 < to; i += 2)
			store(&stream->c[i], load(&a[i]));
		break;
	case STREAM_SCALE:
		for (size_t i = from; i + 1 < to; i += 2)
			store(&stream->b[i], s * load(&c[i]));
		break;
	case STREAM_ADD:
		for (size_t i = from; i + 1 < to; i += 2)
			store(&stream->c[i], load(&a[i]) + load(&b[i]));
		break;
	case STREAM_TRIAD:
		for (size_t i = from; i + 1 < to; i += 2)
			store(&stream->a[i], load(&b[i]) + s * load(&c[i]));
		break;
	case STREAM_KERNEL_COUNT:
		break;
	}
}

static void run_one(double *a, double *b, double *c, enum stream_kernel kernel)
{
	switch (kernel) {
	case STREAM_COPY:
		*c = *a;
		break;
	case STREAM_SCALE:
		*b = factor * *c;
		break;
	case STREAM_ADD:
		*c = *a + *b;
		break;
	case STREAM_TRIAD:
		*a = *b + factor * *c;
		break;
	case STREAM_KERNEL_COUNT:
		break;
	}
}

void stream_run(const struct stream *stream, enum stream_kernel kernel, size_t from, size_t to)
{
	run_pairs(stream, kernel, from, to);
	if ((to - from) % 2 != 0)
		run_one(&stream->a[to - 1], &stream->b[to - 1], &stream->c[to - 1], kernel);
	settle();
}

void stream_values_fill(struct stream_values *values)
{
	for (size_t i = 0; i < STREAM_CLASSES; i++) {
		values->a[i] = first_value(i);
		values->b[i] = 2.0;
		values->c[i] = 0.0;
	}
}

void stream_values_run(struct stream_values *values, enum stream_kernel kernel)
{
	for (size_t i = 0; i < STREAM_CLASSES; i++)
		run_one(&values->a[i], &values->b[i], &values->c[i], kernel);
}

/* By their bits: a value that differs in the last one is wrong. */
static bool differs(const double *a, const double *b)
{
	uint64_t left, right;

	memcpy(&left, a, sizeof(left));
	memcpy(&right, b, sizeof(right));
	return left != right;
}

uint64_t stream_wrong(const struct stream *stream, const struct stream_values *values, size_t from,
		      size_t to)
{
	uint64_t wrong = 0;
	size_t class = from % STREAM_CLASSES;

	for (size_t i = from; i < to; i++) {
		wrong += differs(&stream->a[i], &values->a[class]);
		wrong += differs(&stream->b[i], &values->b[class]);
		wrong += differs(&stream->c[i], &values->c[class]);
		class = class + 1 == STREAM_CLASSES ? 0 : class + 1;
	}
	return wrong;
}
