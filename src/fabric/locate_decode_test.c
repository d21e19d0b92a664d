#include "fabric/locate_decode.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"

static const struct locate_channel channel = {
	.least = 0.05,
	.most = 5,
	.hides = 0.005,
	.odd = 0.01,
	.noise_least = 0.002,
	.prior = 0.01,
	.level = (double)NAN,
};

enum {
	ENDPOINTS = 24,
	ROUNDS = 6,
	READINGS = ROUNDS * ENDPOINTS / 2,
};

/* Each round pairs i with another one, on a circle; noise of a hundredth by twelve draws. */
static void measure(const double *badness, double level, struct locate_reading *ret_readings)
{
	size_t count = 0;
	uint64_t thrown = 0;

	for (uint32_t round = 0; round < ROUNDS; round++) {
		for (uint32_t i = 0; i < ENDPOINTS / 2; i++) {
			uint32_t last = ENDPOINTS - 1;
			uint32_t a = i == 0 ? last : (round + i) % last;
			uint32_t b = (round + last - i) % last;
			double noise = -6;

			for (unsigned j = 0; j < 12; j++)
				noise += (double)(random_u64(5, thrown++) >> 11) / 0x1p53;
			ret_readings[count++] = (struct locate_reading){
				.a = a,
				.b = b,
				.badness = level + fmax(badness[a], badness[b]) + 0.01 * noise,
			};
		}
	}
}

static void the_bad_ends_are_told_and_no_others(void **state)
{
	static const double badness[ENDPOINTS] = { [3] = 0.1, [7] = 0.7, [20] = 3 };
	struct locate_reading readings[READINGS];
	struct locate_decoded decoded;
	SCOPED_ARENA(arena);

	(void)state;
	measure(badness, -20, readings);
	locate_decode(&channel, readings, READINGS, ENDPOINTS, &arena, &decoded);
	assert_true(decoded.is_known);
	assert_true(fabs(decoded.level + 20) < 0.01);
	assert_true(decoded.noise > 0.005 && decoded.noise < 0.02);
	for (uint32_t i = 0; i < ENDPOINTS; i++) {
		assert_int_equal(decoded.beliefs[i].readings, ROUNDS);
		if (badness[i] > 0)
			assert_true(decoded.beliefs[i].sound < 1e-6);
		else
			assert_true(decoded.beliefs[i].fault < 1e-4);
	}
}

static void half_of_the_least_fault_is_none(void **state)
{
	static const double badness[ENDPOINTS] = { [5] = 0.025 };
	struct locate_reading readings[READINGS];
	struct locate_decoded decoded;
	SCOPED_ARENA(arena);

	(void)state;
	measure(badness, 0, readings);
	locate_decode(&channel, readings, READINGS, ENDPOINTS, &arena, &decoded);
	assert_true(decoded.beliefs[5].fault < 0.5);
}

static void one_hiccup_accuses_nobody(void **state)
{
	static const double badness[ENDPOINTS];
	struct locate_reading readings[READINGS];
	struct locate_decoded decoded;
	SCOPED_ARENA(arena);

	(void)state;
	measure(badness, 0, readings);
	readings[17].badness += 2;
	locate_decode(&channel, readings, READINGS, ENDPOINTS, &arena, &decoded);
	for (uint32_t i = 0; i < ENDPOINTS; i++)
		assert_true(decoded.beliefs[i].fault < 0.01);
}

static void a_level_that_is_given_tells_which_third_is_bad(void **state)
{
	double badness[ENDPOINTS];
	struct locate_channel given = channel;
	struct locate_reading readings[READINGS];
	struct locate_decoded decoded;
	SCOPED_ARENA(arena);

	(void)state;
	for (uint32_t i = 0; i < ENDPOINTS; i++)
		badness[i] = i % 3 == 1 ? 0.3 : 0;
	given.level = 0;
	measure(badness, 0, readings);
	locate_decode(&given, readings, READINGS, ENDPOINTS, &arena, &decoded);
	for (uint32_t i = 0; i < ENDPOINTS; i++)
		assert_true((decoded.beliefs[i].fault > 0.5) == (i % 3 == 1));
}

static void few_readings_tell_nothing(void **state)
{
	static const struct locate_reading readings[] = { { 0, 1, 0 }, { 2, 3, 1 } };
	struct locate_decoded decoded;
	SCOPED_ARENA(arena);

	(void)state;
	locate_decode(&channel, readings, 2, 4, &arena, &decoded);
	assert_false(decoded.is_known);
	assert_int_equal(decoded.beliefs[3].readings, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bad_ends_are_told_and_no_others),
		cmocka_unit_test(half_of_the_least_fault_is_none),
		cmocka_unit_test(one_hiccup_accuses_nobody),
		cmocka_unit_test(a_level_that_is_given_tells_which_third_is_bad),
		cmocka_unit_test(few_readings_tell_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
