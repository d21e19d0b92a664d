#include "rating/kernel.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each loop against the formula of its contract, one draw at a time. */

static const uint32_t key = 0x1234567;

static void bits_are_the_low_then_the_high_half_of_a_number(void **state)
{
	union block_bits bits;

	(void)state;
	for (uint32_t first = 0; first < 3 * BLOCK_DRAWS; first += BLOCK_DRAWS) {
		kernel_bits(key, first, &bits);
		for (uint32_t d = 0; d < BLOCK_DRAWS; d++) {
			uint32_t number = random_u32(key, (first + d) / 2);

			assert_int_equal(bits.draws[d],
					 d % 2 == 0 ? number & 0xFFFF : number >> 16);
		}
	}
}

static void values_step_at_the_bits_of_the_law(void **state)
{
	uint16_t at[] = { 1, 3276, 65535 };
	int16_t delta[] = { 100, -150, 50 };
	const struct law law = { .start = 50, .step_count = 3, .at = at, .delta = delta };
	static const struct {
		uint16_t bits;
		int value;
	} cases[] = {
		{ 0, 50 }, { 1, 150 }, { 3275, 150 }, { 3276, 0 }, { 65534, 0 }, { 65535, 50 },
	};
	uint16_t bits[BLOCK_DRAWS] = { 0 };
	int16_t values[BLOCK_DRAWS];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		bits[100 + i] = cases[i].bits;
	kernel_values(&law, bits, values);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(values[100 + i], cases[i].value);
	assert_int_equal(values[BLOCK_DRAWS - 1], 50);
}

static void weights_spread_evenly_and_sums_hold_the_largest(void **state)
{
	uint16_t bits[BLOCK_DRAWS] = { [1] = 65535, [2] = 32768 };
	int16_t weights[BLOCK_DRAWS], values[BLOCK_DRAWS];
	int32_t sums[BLOCK_DRAWS] = { [1] = -5 };

	(void)state;
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		values[d] = WORTH_ONE;
	kernel_weights(WEIGHT_MAXIMUM, 64, bits, weights);
	assert_int_equal(weights[0], 100 * 192);
	assert_int_equal(weights[1], 100 * 320);
	assert_int_equal(weights[2], 100 * 256);
	kernel_add(weights, values, sums);
	kernel_add(weights, values, sums);
	assert_int_equal(sums[0], 2 * 19200 * 200);
	assert_int_equal(sums[1], 2 * 32000 * 200 - 5);
	kernel_weights(7, 0, bits, weights);
	assert_int_equal(weights[1], 7 * 256);
}

static void hits_count_the_weights_below_the_bits(void **state)
{
	uint16_t bits[BLOCK_DRAWS] = { 0, 999, 1000, 65535 };
	int16_t weights[BLOCK_DRAWS] = { 7, 8, 9, 10 }, hits[BLOCK_DRAWS] = { 1, 1, 1, 1 };
	int32_t sums[BLOCK_DRAWS] = { 100, 100, 100, 100 };

	(void)state;
	kernel_add_hits(weights, bits, 1000, hits);
	assert_int_equal(hits[0], 8);
	assert_int_equal(hits[1], 9);
	assert_int_equal(hits[2], 1);
	assert_int_equal(hits[3], 1);
	kernel_sum(hits, false, sums);
	assert_int_equal(sums[1], 109);
	kernel_sum(hits, true, sums);
	assert_int_equal(sums[1], 100);
}

static void scores_are_weighted_means(void **state)
{
	int32_t sums[BLOCK_DRAWS] = { 300 }, hits[BLOCK_DRAWS] = { 1 }, whole[BLOCK_DRAWS] = { 4 };
	int32_t weights[BLOCK_DRAWS] = { 3 };
	double scores[BLOCK_DRAWS], numerator[BLOCK_DRAWS] = { 1.0 };
	double denominator[BLOCK_DRAWS] = { 1.0 };

	(void)state;
	for (unsigned d = 1; d < BLOCK_DRAWS; d++)
		whole[d] = 1;
	kernel_scores(sums, hits, whole, scores);
	assert_true(scores[0] > 0.6249 && scores[0] < 0.6251);
	kernel_gather(weights, scores, numerator, denominator);
	assert_true(denominator[0] > 3.99 && denominator[0] < 4.01);
	kernel_divide(numerator, denominator);
	assert_true(numerator[0] > 0.7187 && numerator[0] < 0.7188);
}

static void caps_only_fall(void **state)
{
	uint16_t bits[BLOCK_DRAWS] = { 99, 100, 101 };
	int16_t values[BLOCK_DRAWS] = { 99, 100, 101 };
	uint8_t caps[BLOCK_DRAWS] = { 4, 4, 4 };

	(void)state;
	kernel_cap_below(values, 100, 2, caps);
	assert_int_equal(caps[0], 2);
	assert_int_equal(caps[1], 4);
	kernel_cap_from(bits, 101, 1, caps);
	assert_int_equal(caps[1], 4);
	assert_int_equal(caps[2], 1);
	kernel_cap_from(bits, 0, 3, caps);
	assert_int_equal(caps[0], 2);
	assert_int_equal(caps[1], 3);
	assert_int_equal(caps[2], 1);
	kernel_cap_from(bits, 65536, 0, caps); /* a rate of nothing */
	assert_int_equal(caps[0], 2);
}

static void grades_are_those_that_fit_and_reach_the_bar(void **state)
{
	static const double overall[BLOCK_DRAWS] = { 0.2, 0.5, 0.7, 0.7 };
	uint8_t fits[BLOCK_DRAWS] = { 1, 1, 1, 0 }, grades[BLOCK_DRAWS] = { 3, 3, 3, 3 };

	(void)state;
	kernel_grade(fits, overall, 0.5, 4, grades);
	assert_int_equal(grades[0], 3);
	assert_int_equal(grades[1], 4);
	assert_int_equal(grades[2], 4);
	assert_int_equal(grades[3], 3);
	kernel_fit(overall, 0.6, fits);
	assert_int_equal(fits[0], 0);
	assert_int_equal(fits[1], 0);
	assert_int_equal(fits[2], 1);
	assert_int_equal(fits[3], 0);
}

static void the_rank_falls_for_each_larger_key(void **state)
{
	static const uint32_t a[BLOCK_DRAWS] = { 5, 7, UINT32_MAX, 0 };
	static const uint32_t b[BLOCK_DRAWS] = { 6, 7, 1u << 31, 0 };
	uint16_t rank_a[BLOCK_DRAWS] = { 2 }, rank_b[BLOCK_DRAWS] = { 0 };

	(void)state;
	kernel_rank(a, b, rank_a, rank_b);
	assert_int_equal(rank_a[0], 3);
	assert_int_equal(rank_b[0], 0);
	assert_int_equal(rank_a[1], 0);
	assert_int_equal(rank_b[1], 0);
	assert_int_equal(rank_a[2], 0);
	assert_int_equal(rank_b[2], 1);
	assert_int_equal(rank_a[3] + rank_b[3], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bits_are_the_low_then_the_high_half_of_a_number),
		cmocka_unit_test(values_step_at_the_bits_of_the_law),
		cmocka_unit_test(weights_spread_evenly_and_sums_hold_the_largest),
		cmocka_unit_test(hits_count_the_weights_below_the_bits),
		cmocka_unit_test(scores_are_weighted_means),
		cmocka_unit_test(caps_only_fall),
		cmocka_unit_test(grades_are_those_that_fit_and_reach_the_bar),
		cmocka_unit_test(the_rank_falls_for_each_larger_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
