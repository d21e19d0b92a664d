#include "active/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
	COUNT = 1001,
};

struct arrays {
	_Alignas(STREAM_ALIGNMENT) double a[COUNT];
	_Alignas(STREAM_ALIGNMENT) double b[COUNT];
	_Alignas(STREAM_ALIGNMENT) double c[COUNT];
	struct stream stream;
	struct stream_values values;
};

static void start(struct arrays *arrays)
{
	arrays->stream = (struct stream){ arrays->a, arrays->b, arrays->c, COUNT };
	stream_fill(&arrays->stream, 0, 504);
	stream_fill(&arrays->stream, 504, COUNT);
	stream_values_fill(&arrays->values);
}

static void run_rounds(struct arrays *arrays, unsigned rounds)
{
	for (unsigned i = 0; i < rounds * STREAM_KERNEL_COUNT; i++) {
		enum stream_kernel kernel = (enum stream_kernel)(i % STREAM_KERNEL_COUNT);

		stream_run(&arrays->stream, kernel, 0, 504);
		stream_run(&arrays->stream, kernel, 504, COUNT);
		stream_values_run(&arrays->values, kernel);
	}
}

static void many_rounds_hold_what_was_written(void **state)
{
	static struct arrays arrays;

	(void)state;
	start(&arrays);
	assert_int_equal(stream_wrong(&arrays.stream, &arrays.values, 0, COUNT), 0);
	run_rounds(&arrays, 1000);
	assert_int_equal(stream_wrong(&arrays.stream, &arrays.values, 0, COUNT), 0);
	assert_true(arrays.a[0] > 0.5 && arrays.a[0] < 2);
}

static void one_bit_and_one_mistaken_address_are_found(void **state)
{
	static struct arrays arrays;
	uint64_t bits;

	(void)state;
	start(&arrays);
	run_rounds(&arrays, 3);
	memcpy(&bits, &arrays.c[777], sizeof(bits));
	bits ^= 1;
	memcpy(&arrays.c[777], &bits, sizeof(bits));
	assert_int_equal(stream_wrong(&arrays.stream, &arrays.values, 0, COUNT), 1);
	for (size_t distance = 1; distance < 1000; distance *= 2) {
		arrays.a[0] = arrays.a[distance];
		assert_int_equal(stream_wrong(&arrays.stream, &arrays.values, 0, 8), 1);
	}
}

static void bytes_are_counted_as_in_stream(void **state)
{
	(void)state;
	assert_int_equal(stream_bytes(STREAM_COPY), 16);
	assert_int_equal(stream_bytes(STREAM_SCALE), 16);
	assert_int_equal(stream_bytes(STREAM_ADD), 24);
	assert_int_equal(stream_bytes(STREAM_TRIAD), 24);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_rounds_hold_what_was_written),
		cmocka_unit_test(one_bit_and_one_mistaken_address_are_found),
		cmocka_unit_test(bytes_are_counted_as_in_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
