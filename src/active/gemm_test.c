#include "active/gemm.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_same(double value, double expected)
{
	if (value < expected || value > expected || isnan(value) != isnan(expected))
		fail_msg("%.17g, expected %.17g", value, expected);
}

static uint32_t encoded(enum gemm_type type, double value)
{
	uint32_t word = 0;

	gemm_encode(type, value, &word);
	return word;
}

static void formats_have_their_published_codes(void **state)
{
	static const struct {
		enum gemm_type type;
		double value;
		uint32_t code;
	} cases[] = {
		{ GEMM_BF16, 1, 0x3f80 },
		{ GEMM_BF16, -2, 0xc000 },
		{ GEMM_BF16, 0, 0 },
		{ GEMM_BF16, -0.0, 0x8000 },
		{ GEMM_BF16, 1e39, 0x7f80 },
		{ GEMM_BF16, 3.140625, 0x4049 },
		{ GEMM_FP16, 1, 0x3c00 },
		{ GEMM_FP16, 65504, 0x7bff },
		{ GEMM_FP16, 65520, 0x7c00 },
		{ GEMM_FP16, 65519, 0x7bff },
		{ GEMM_FP16, 0x1p-24, 1 },
		{ GEMM_FP16, 0x1p-25, 0 },
		{ GEMM_FP16, -(double)INFINITY, 0xfc00 },
		{ GEMM_FP8, 1, 0x38 },
		{ GEMM_FP8, 448, 0x7e },
		{ GEMM_FP8, 1e9, 0x7e },
		{ GEMM_FP8, -1e9, 0xfe },
		{ GEMM_FP8, 0x1p-9, 1 },
		{ GEMM_FP8, (double)NAN, 0x7f },
		{ GEMM_FP8, 1.0625, 0x38 },
		{ GEMM_FP8, 1.1875, 0x3a },
		{ GEMM_TF32, 1, 0x3f800000 },
		{ GEMM_TF32, 1 + 0x1p-10, 0x3f802000 },
		{ GEMM_TF32, 1 + 0x1p-12, 0x3f800000 },
		{ GEMM_FP32, 1 + 0x1p-23, 0x3f800001 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(encoded(cases[i].type, cases[i].value), cases[i].code);
}

static void every_code_of_a_small_format_comes_back(void **state)
{
	static const enum gemm_type types[] = { GEMM_BF16, GEMM_FP16, GEMM_FP8 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		uint32_t count = types[i] == GEMM_FP8 ? 256 : 65536;

		for (uint32_t code = 0; code < count; code++) {
			double value = gemm_decode(types[i], &code);

			if (!isnan(value))
				assert_int_equal(encoded(types[i], value), code);
		}
	}
}

static void normal_inputs_have_deviation_one(void **state)
{
	enum { COUNT = 100000 };
	static float values[COUNT];
	double sum = 0, squares = 0;
	unsigned zeros = 0;

	(void)state;
	gemm_fill(GEMM_FP32, GEMM_FILL_NORMAL, 7, 0, COUNT, values);
	for (unsigned i = 0; i < COUNT; i++) {
		sum += (double)values[i];
		squares += (double)values[i] * (double)values[i];
		zeros += fabsf(values[i]) < 1e-6F;
	}
	assert_true(fabs(sum / COUNT) < 0.02);
	assert_true(fabs(squares / COUNT - 1) < 0.02);
	assert_true(zeros < 10);
}

static void inputs_depend_on_the_place_and_the_seed_alone(void **state)
{
	uint16_t all[64], part[16], other[64];

	(void)state;
	gemm_fill(GEMM_BF16, GEMM_FILL_NORMAL, 1, 0, 64, all);
	gemm_fill(GEMM_BF16, GEMM_FILL_NORMAL, 1, 32, 16, part);
	gemm_fill(GEMM_BF16, GEMM_FILL_NORMAL, 2, 0, 64, other);
	assert_memory_equal(&all[32], part, sizeof(part));
	assert_memory_not_equal(all, other, sizeof(all));
}

static void whole_inputs_stay_within_two(void **state)
{
	double values[1000];
	unsigned seen = 0;

	(void)state;
	gemm_fill(GEMM_FP64, GEMM_FILL_WHOLE, 3, 0, 1000, values);
	for (unsigned i = 0; i < 1000; i++) {
		assert_same(values[i], floor(values[i]));
		assert_true(values[i] >= -2 && values[i] <= 2);
		seen |= 1u << (unsigned)(values[i] + 2);
	}
	assert_int_equal(seen, 31);
}

/* A is {{1, 2}, {3, 4}}, B is {{5, 6}, {7, 8}, {-1, 0}}. */
static void a_product_is_a_times_b_transposed(void **state)
{
	static const double a_numbers[] = { 1, 2, 3, 4 };
	static const double b_numbers[] = { 5, 6, 7, 8, -1, 0 };
	static const double expected[] = { 17, 23, -1, 39, 53, -3 };
	static const struct gemm_shape shape = { 2, 3, 2 };

	(void)state;
	for (unsigned type = 0; type < GEMM_TYPE_COUNT; type++) {
		unsigned bytes = gemm_element_bytes(type);
		enum gemm_type output = gemm_output_type(type);
		char a[32], b[48], d[48];

		for (unsigned i = 0; i < 4; i++)
			gemm_encode(type, a_numbers[i], a + i * bytes);
		for (unsigned i = 0; i < 6; i++)
			gemm_encode(type, b_numbers[i], b + i * bytes);
		gemm_multiply(type, &shape, a, b, d);
		for (unsigned i = 0; i < 6; i++)
			assert_same(gemm_decode(output, d + i * gemm_element_bytes(output)),
				    expected[i]);
	}
}

static void a_product_of_whole_numbers_is_exact_in_every_format(void **state)
{
	static const struct gemm_shape shape = { 8, 8, GEMM_EXACT_K };
	double exact[64];

	(void)state;
	for (unsigned type = 0; type < GEMM_TYPE_COUNT; type++) {
		enum gemm_type output = gemm_output_type(type);
		double a[512], b[512], d[64];

		gemm_fill(type, GEMM_FILL_WHOLE, 1, 0, 512, a);
		gemm_fill(type, GEMM_FILL_WHOLE, 2, 0, 512, b);
		gemm_multiply(type, &shape, a, b, d);
		for (unsigned i = 0; i < 64; i++) {
			double value =
				gemm_decode(output, (char *)d + i * gemm_element_bytes(output));

			if (type == 0)
				exact[i] = value;
			assert_same(value, exact[i]);
			assert_same(value, floor(value));
		}
	}
}

static void names_and_sizes(void **state)
{
	char name[GEMM_NAME_SIZE];
	struct gemm_shape shape = { 128, 256, 512 };

	(void)state;
	gemm_name(GEMM_BF16, &gemm_reference_shape, 1, name);
	assert_string_equal(name, "bf16:8192x8192x8192");
	gemm_name(GEMM_FP8, &shape, 32, name);
	assert_string_equal(name, "fp8:128x256x512*32");
	assert_same(gemm_operations(&gemm_reference_shape), 1099511627776.0);
	assert_int_equal(gemm_bytes(GEMM_BF16, &gemm_reference_shape), 3 * 134217728ll);
	assert_int_equal(gemm_bytes(GEMM_FP8, &gemm_reference_shape), 2 * 67108864ll + 134217728ll);
	assert_false(gemm_is_served(GEMM_FP8, 80));
	assert_true(gemm_is_served(GEMM_FP8, 90));
}

static void a_shape_is_halved_until_it_fits(void **state)
{
	struct gemm_shape shape = gemm_reference_shape;

	(void)state;
	assert_true(gemm_fit(GEMM_BF16, &shape, 1ull << 30));
	assert_int_equal(shape.m, 8192);
	assert_true(gemm_fit(GEMM_BF16, &shape, 128u << 20));
	assert_true(gemm_bytes(GEMM_BF16, &shape) <= 128u << 20);
	assert_true(gemm_bytes(GEMM_BF16, &shape) > 32u << 20);
	shape = gemm_reference_shape;
	assert_false(gemm_fit(GEMM_BF16, &shape, 1000));
	assert_int_equal(shape.k, 8192);
}

static void one_bit_makes_another_digest(void **state)
{
	unsigned char bytes[100];
	uint64_t digest;

	(void)state;
	memset(bytes, 5, sizeof(bytes));
	digest = gemm_digest(GEMM_DIGEST_START, bytes, sizeof(bytes));
	for (unsigned bit = 0; bit < sizeof(bytes) * 8; bit++) {
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		assert_true(gemm_digest(GEMM_DIGEST_START, bytes, sizeof(bytes)) != digest);
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	assert_true(gemm_digest(gemm_digest(GEMM_DIGEST_START, bytes, 64), bytes + 64, 36) ==
		    digest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_have_their_published_codes),
		cmocka_unit_test(every_code_of_a_small_format_comes_back),
		cmocka_unit_test(normal_inputs_have_deviation_one),
		cmocka_unit_test(inputs_depend_on_the_place_and_the_seed_alone),
		cmocka_unit_test(whole_inputs_stay_within_two),
		cmocka_unit_test(a_product_is_a_times_b_transposed),
		cmocka_unit_test(a_product_of_whole_numbers_is_exact_in_every_format),
		cmocka_unit_test(names_and_sizes),
		cmocka_unit_test(a_shape_is_halved_until_it_fits),
		cmocka_unit_test(one_bit_makes_another_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
