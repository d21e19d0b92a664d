/*
 * Sequential traffic between processors and memory in the four patterns of STREAM (McCalpin, 1995):
 * copy c = a, scale b = s c, add c = a + b, triad a = b + s c, counted as STREAM counts. Unlike
 * there, every element has a value of its own class and each one is checked bit by bit afterwards,
 * and writes go past the caches where the processor has such stores.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum stream_kernel {
	STREAM_COPY,
	STREAM_SCALE,
	STREAM_ADD,
	STREAM_TRIAD,
	STREAM_KERNEL_COUNT,
};

extern const char *const stream_names[STREAM_KERNEL_COUNT]; /* "copy" … */

/* Bytes that the kernel reads and writes for one element. */
unsigned stream_bytes(enum stream_kernel kernel);

enum {
	/* Values that differ from each other; a prime, so that no power of two between an address
	 * and the one that it was mistaken for gives the same value. */
	STREAM_CLASSES = 61,
	STREAM_ALIGNMENT = 64,
};

/* The three arrays, each of `count` elements, aligned to STREAM_ALIGNMENT. */
struct stream {
	double *a, *b, *c;
	size_t count;
};

/* What each class of element holds now. */
struct stream_values {
	double a[STREAM_CLASSES], b[STREAM_CLASSES], c[STREAM_CLASSES];
};

/* Gives elements [from, to) their first values: whoever calls it touches the memory first. `from`
 * and `to` of this and the next are multiples of 8, or to is the count. */
void stream_fill(const struct stream *stream, size_t from, size_t to);
void stream_run(const struct stream *stream, enum stream_kernel kernel, size_t from, size_t to);

/* How many of the 3 × (to - from) elements hold another value. */
uint64_t stream_wrong(const struct stream *stream, const struct stream_values *values, size_t from,
		      size_t to);

void stream_values_fill(struct stream_values *values);
void stream_values_run(struct stream_values *values, enum stream_kernel kernel);
