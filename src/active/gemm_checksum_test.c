#include "active/gemm_checksum.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A product that was made on the processor. */
struct product {
	struct arena arena;
	enum gemm_type type;
	struct gemm_shape shape;
	unsigned char *a, *b, *d;
	struct gemm_checksum checksum;
};

static void make(struct product *product, enum gemm_type type, enum gemm_fill fill,
		 struct gemm_shape shape)
{
	unsigned bytes = gemm_element_bytes(type);

	*product = (struct product){ .type = type, .shape = shape };
	product->a = arena_take(&product->arena, shape.m * shape.k * bytes);
	product->b = arena_take(&product->arena, shape.n * shape.k * bytes);
	product->d = arena_take(&product->arena, shape.m * shape.n * 8);
	gemm_fill(type, fill, 1, 0, shape.m * shape.k, product->a);
	gemm_fill(type, fill, 2, 0, shape.n * shape.k, product->b);
	gemm_multiply(type, &shape, product->a, product->b, product->d);
	gemm_checksum_expect(&(struct gemm_inputs){ type, shape, fill, product->a, product->b },
			     &product->arena, &product->checksum);
}

static bool is_well(struct product *product, struct gemm_checksum_fault *ret_fault)
{
	struct gemm_sums sums;

	gemm_checksum_sum(product->type, &product->shape, product->d, &product->arena, &sums);
	return gemm_checksum_compare(&product->checksum, &sums, ret_fault);
}

static void no_format_raises_a_false_alarm(void **state)
{
	static const enum gemm_fill fills[] = { GEMM_FILL_NORMAL, GEMM_FILL_WHOLE };

	(void)state;
	for (unsigned type = 0; type < GEMM_TYPE_COUNT; type++) {
		for (unsigned fill = 0; fill < 2; fill++) {
			struct product product;
			struct gemm_checksum_fault fault;

			make(&product, type, fills[fill], (struct gemm_shape){ 96, 64, 64 });
			assert_true(is_well(&product, &fault));
			arena_release(&product.arena);
		}
	}
}

/* Each bit of an element of an exact product, and where it is. */
static void every_bit_of_an_exact_product_is_seen_and_placed(void **state)
{
	struct product product;
	struct gemm_checksum_fault fault = { 0 };

	(void)state;
	make(&product, GEMM_BF16, GEMM_FILL_WHOLE, (struct gemm_shape){ 32, 48, 64 });
	assert_true(product.checksum.is_exact);
	for (unsigned bit = 0; bit < 16; bit++) {
		unsigned char *element = product.d + (7u * 48 + 11) * 2 + bit / 8;
		bool was_zero = product.d[(7u * 48 + 11) * 2 + 1] == 0;

		*element ^= (unsigned char)(1u << bit % 8);
		/* The sign of a zero is no difference of a number. */
		if (!was_zero || bit != 15) {
			assert_false(is_well(&product, &fault));
			assert_int_equal(fault.row_count, 1);
			assert_int_equal(fault.column_count, 1);
			assert_int_equal(fault.row, 7);
			assert_int_equal(fault.column, 11);
		}
		*element ^= (unsigned char)(1u << bit % 8);
	}
	assert_true(is_well(&product, &fault));
	arena_release(&product.arena);
}

static void the_high_bits_of_a_rounded_product_are_seen(void **state)
{
	struct product product;
	struct gemm_checksum_fault fault = { 0 };
	unsigned char *element;

	(void)state;
	make(&product, GEMM_BF16, GEMM_FILL_NORMAL, (struct gemm_shape){ 64, 64, 256 });
	assert_false(product.checksum.is_exact);
	element = product.d + (20u * 64 + 30) * 2;
	element[1] ^= 0x40; /* the highest bit of the exponent */
	assert_false(is_well(&product, &fault));
	assert_int_equal(fault.row, 20);
	assert_int_equal(fault.column, 30);
	element[1] ^= 0x40;
	element[0] ^= 1; /* the lowest of the fraction: as rounding may have left it */
	assert_true(is_well(&product, &fault));
	arena_release(&product.arena);
}

static void what_is_no_number_is_never_right(void **state)
{
	struct product product;
	struct gemm_checksum_fault fault = { 0 };

	(void)state;
	make(&product, GEMM_FP32, GEMM_FILL_NORMAL, (struct gemm_shape){ 16, 16, 16 });
	gemm_encode(GEMM_FP32, (double)NAN, product.d + 4 * (3 * 16 + 5));
	assert_false(is_well(&product, &fault));
	assert_int_equal(fault.row, 3);
	assert_int_equal(fault.column, 5);
	gemm_encode(GEMM_FP32, (double)INFINITY, product.d + 4 * (3 * 16 + 5));
	assert_false(is_well(&product, &fault));
	arena_release(&product.arena);
}

static void two_faults_in_one_row_are_one_row_and_two_columns(void **state)
{
	struct product product;
	struct gemm_checksum_fault fault = { 0 };

	(void)state;
	make(&product, GEMM_FP64, GEMM_FILL_WHOLE, (struct gemm_shape){ 16, 16, 16 });
	gemm_encode(GEMM_FP64, 1000, product.d + 8 * (3 * 16 + 5));
	gemm_encode(GEMM_FP64, 1000, product.d + 8 * (3 * 16 + 9));
	assert_false(is_well(&product, &fault));
	assert_int_equal(fault.row_count, 1);
	assert_int_equal(fault.column_count, 2);
	arena_release(&product.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_format_raises_a_false_alarm),
		cmocka_unit_test(every_bit_of_an_exact_product_is_seen_and_placed),
		cmocka_unit_test(the_high_bits_of_a_rounded_product_are_seen),
		cmocka_unit_test(what_is_no_number_is_never_right),
		cmocka_unit_test(two_faults_in_one_row_are_one_row_and_two_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
