#include "active/vote.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "base/random.h"
#include <cmocka.h>

enum {
	UNITS = 6,
	LANES = 2,
};

static void the_odd_one_is_named_by_unit_and_lane(void **state)
{
	static const struct {
		size_t units;
		uint64_t digests[UNITS * LANES];
		enum vote_says says;
		uint32_t odd[UNITS];
	} cases[] = {
		{ 3, { 7, 8, 7, 8, 7, 8 }, VOTE_AGREED, { 0 } },
		{ 3, { 7, 8, 7, 9, 7, 8 }, VOTE_ODD, { 0, 2, 0 } },
		{ 3, { 1, 8, 7, 9, 7, 8 }, VOTE_ODD, { 1, 2, 0 } },
		{ 3, { 1, 2, 7, 8, 7, 8 }, VOTE_ODD, { 3, 0, 0 } },
		{ 4, { 7, 8, 7, 8, 7, 9, 6, 8 }, VOTE_ODD, { 0, 0, 2, 1 } },
		/* Two against two: nobody is accused in that lane, and one is in the other. */
		{ 4, { 7, 8, 7, 8, 6, 8, 6, 9 }, VOTE_SPLIT, { 0, 0, 0, 2 } },
		{ 3, { 1, 8, 2, 8, 3, 8 }, VOTE_SPLIT, { 0 } },
		{ 2, { 7, 8, 7, 9 }, VOTE_TOO_FEW, { 0 } },
		{ 2, { 7, 8, 7, 8 }, VOTE_TOO_FEW, { 0 } },
		{ 1, { 7, 8 }, VOTE_TOO_FEW, { 0 } },
		{ 0, { 0 }, VOTE_TOO_FEW, { 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t reference[LANES];
		uint32_t odd[UNITS] = { 0 };

		if (vote(cases[i].digests, cases[i].units, LANES, reference, odd) !=
			    cases[i].says ||
		    memcmp(odd, cases[i].odd, sizeof(odd)) != 0)
			fail_msg("case %zu: lanes %u %u %u %u", i, odd[0], odd[1], odd[2], odd[3]);
	}
}

static void the_order_of_the_units_counts_for_nothing(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < 2000; round++) {
		uint64_t digests[UNITS], turned[UNITS], reference[2];
		uint32_t odd[UNITS], odd_turned[UNITS];
		const size_t by = random_u64(round, 99) % UNITS;

		for (size_t i = 0; i < UNITS; i++)
			digests[i] = random_u64(round, i) % 3;
		for (size_t i = 0; i < UNITS; i++)
			turned[i] = digests[(i + by) % UNITS];
		assert_int_equal(vote(digests, UNITS, 1, &reference[0], odd),
				 vote(turned, UNITS, 1, &reference[1], odd_turned));
		assert_true(reference[0] == reference[1]);
		for (size_t i = 0; i < UNITS; i++)
			assert_int_equal(odd_turned[i], odd[(i + by) % UNITS]);
	}
}

static void a_known_result_needs_no_majority(void **state)
{
	static const uint64_t digests[] = { 7, 8, 7, 9 }, reference[] = { 7, 9 };
	uint32_t odd[2];

	(void)state;
	assert_int_equal(vote_against(digests, 2, LANES, reference, odd), 1);
	assert_int_equal(odd[0], 2);
	assert_int_equal(odd[1], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_odd_one_is_named_by_unit_and_lane),
		cmocka_unit_test(the_order_of_the_units_counts_for_nothing),
		cmocka_unit_test(a_known_result_needs_no_majority),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
