#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The published test vectors of FNV-1a. */
static void keys_are_fnv_1a(void **state)
{
	static const struct {
		const char *name;
		uint64_t key;
	} cases[] = {
		{ "", 0xcbf29ce484222325 },
		{ "a", 0xaf63dc4c8601ec8c },
		{ "foobar", 0x85944171f73967e8 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_true(random_key(span_of(cases[i].name)) == cases[i].key);
}

/* The first number of SplitMix64 with seed 0 is 0xe220a8397b1dcdaf, so that this key undoes
 * what stands before the outer finaliser, whose value for 0 is 0. */
static void joining_is_splitmix64_twice(void **state)
{
	(void)state;
	assert_true(random_join(0, 0xe220a8397b1dcdaf) == 0);
	assert_true(random_join(0, 0) == 0x48218226ff3cd4bf);
	assert_true(random_join(1, 2) == 0x81a5c1377856b73);
	assert_true(random_join(UINT64_MAX, UINT64_MAX) == 0x4650bc0eb3312e23);
}

static int compare_numbers(const void *left, const void *right)
{
	const uint64_t *a = left;
	const uint64_t *b = right;

	return (*a > *b) - (*a < *b);
}

static void joined_small_numbers_are_all_different(void **state)
{
	enum { SIDE = 200 };
	static uint64_t joined[SIDE * SIDE];

	(void)state;
	for (size_t i = 0; i < COUNT(joined); i++)
		joined[i] = random_join(i / SIDE, i % SIDE);
	qsort(joined, COUNT(joined), sizeof(joined[0]), compare_numbers);
	for (size_t i = 1; i < COUNT(joined); i++)
		assert_true(joined[i - 1] != joined[i]);
}

/* A draw is the published mix, whatever was drawn before. */
static void draws_are_a_function_of_key_and_counter(void **state)
{
	static const struct {
		uint32_t key, counter, draw;
	} cases[] = {
		{ 0, 0, 0 },
		{ 0x0, 0x1, 0xc4631032 },
		{ 0x1, 0x0, 0x06d3fa73 },
		{ 0x1, 0x1, 0xfe2c5772 },
		{ 0xdeadbeef, 0x0, 0x8a2b8af2 },
		{ 0xdeadbeef, 0xf4240, 0x2edf2541 },
		{ 0xffffffff, 0xffffffff, 0x7266544c },
	};

	(void)state;
	for (size_t i = COUNT(cases); i-- > 0;)
		assert_int_equal(random_u32(cases[i].key, cases[i].counter), cases[i].draw);
}

/* The published numbers of SplitMix64 with seed 1234567. */
static void long_draws_are_splitmix64(void **state)
{
	static const uint64_t numbers[] = {
		6457827717110365317u, 3203168211198807973u,  9817491932198370423u,
		4593380528125082431u, 16408922859458223821u,
	};

	(void)state;
	for (size_t i = COUNT(numbers); i-- > 0;)
		assert_true(random_u64(1234567, i) == numbers[i]);
}

enum {
	DRAWS = 1 << 20,
	SLACK = 6 * 512, /* six standard deviations of the number of ones */
};

static void count_bits(uint32_t value, uint32_t counts[static 32])
{
	for (int bit = 0; bit < 32; bit++)
		counts[bit] += value >> bit & 1;
}

/* Every bit is set half of the time, and differs half of the time between two neighbours. */
static void every_bit_is_fair(void **state)
{
	(void)state;
	for (uint32_t stream = 1; stream < 5; stream++) {
		uint32_t key = stream * 0x12345678u;
		uint32_t ones[32] = { 0 };
		uint32_t flips[32] = { 0 };

		for (uint32_t i = 0; i < DRAWS; i++) {
			count_bits(random_u32(key, i), ones);
			count_bits(random_u32(key, i) ^ random_u32(key, i + 1), flips);
		}
		for (int bit = 0; bit < 32; bit++) {
			assert_in_range(ones[bit], DRAWS / 2 - SLACK, DRAWS / 2 + SLACK);
			assert_in_range(flips[bit], DRAWS / 2 - SLACK, DRAWS / 2 + SLACK);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_fnv_1a),
		cmocka_unit_test(joining_is_splitmix64_twice),
		cmocka_unit_test(joined_small_numbers_are_all_different),
		cmocka_unit_test(draws_are_a_function_of_key_and_counter),
		cmocka_unit_test(long_draws_are_splitmix64),
		cmocka_unit_test(every_bit_is_fair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
