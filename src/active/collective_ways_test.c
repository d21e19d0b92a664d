#include "active/collective.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check_partner(unsigned rank, unsigned ranks, unsigned nodes, unsigned round)
{
	unsigned partner, back, each = ranks / nodes;

	if (!sweep_partner(rank, ranks, nodes, round, &partner))
		return;
	assert_true(partner < ranks && partner != rank);
	assert_true(sweep_partner(partner, ranks, nodes, round, &back));
	assert_int_equal(back, rank);
	if (nodes > 1)
		assert_int_not_equal(partner / each, rank / each);
}

static void partners_are_mutual_and_change(void **state)
{
	static const unsigned cases[][2] = { { 8, 1 }, { 7, 1 }, { 16, 2 }, { 24, 3 }, { 2, 1 } };

	(void)state;
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		unsigned ranks = cases[c][0], nodes = cases[c][1];

		for (unsigned round = 0; round < 3; round++)
			for (unsigned rank = 0; rank < ranks; rank++)
				check_partner(rank, ranks, nodes, round);
	}
	for (unsigned rank = 0; rank < 8; rank++) {
		unsigned first, second;

		assert_true(sweep_partner(rank, 8, 1, 0, &first));
		assert_true(sweep_partner(rank, 8, 1, 1, &second));
		assert_int_not_equal(first, second);
	}
}

static void sizes_end_with_the_largest_that_fits(void **state)
{
	uint64_t sizes[SWEEP_SIZES_MAXIMUM];

	(void)state;
	for (unsigned profile = 0; profile < ACTIVE_PROFILE_COUNT; profile++) {
		unsigned count =
			sweep_sizes((enum active_profile)profile, false, UINT64_MAX, sizes);

		assert_true(count >= 8);
		assert_true(sizes[0] >= 8 && sizes[0] < 64);
		for (unsigned i = 1; i < count; i++)
			assert_true(sizes[i] > sizes[i - 1]);
		count = sweep_sizes((enum active_profile)profile, false, 3 << 20, sizes);
		assert_int_equal(sizes[count - 1], 2 << 20);
	}
}

static void elements_are_shared_out_evenly(void **state)
{
	(void)state;
	assert_int_equal(sweep_elements(COLLECTIVE_ALL_REDUCE, 8, 8), 2);
	assert_int_equal(sweep_elements(COLLECTIVE_ALL_GATHER, 8, 8), 0);
	assert_int_equal(sweep_elements(COLLECTIVE_ALL_TO_ALL, 1000, 7), 245);
}

static void iterations_follow_the_budget(void **state)
{
	(void)state;
	assert_int_equal(sweep_iterations(1, 0.1), 1);
	assert_int_equal(sweep_iterations(0.001, 0.1), 100);
	assert_true(sweep_iterations(0, 0.1) <= RANK_ITERATIONS_MAXIMUM);
}

static void ways_of_a_node_and_between_nodes(void **state)
{
	static const char *const nics[] = { "mlx5_0", "mlx5_1" };
	struct sweep_variant ways[SWEEP_VARIANTS_MAXIMUM];
	SCOPED_ARENA(arena);
	unsigned count;

	(void)state;
	assert_int_equal(sweep_variants(ACTIVE_QUICK, 1, nics, 2, &arena, ways), 1);
	count = sweep_variants(ACTIVE_WEEKLY, 1, nics, 2, &arena, ways);
	assert_int_equal(count, 6);
	assert_string_equal(ways[5].name, "nic-mlx5_1");
	assert_non_null(strstr(ways[5].settings, "NCCL_IB_HCA==mlx5_1"));
	count = sweep_variants(ACTIVE_WEEKLY, 2, nics, 2, &arena, ways);
	assert_int_equal(count, 3);
	assert_int_equal(ways[1].grouping, GROUPING_RAILS);
}

static void what_a_rank_says_is_bounded(void **state)
{
	static const char *const none[] = {
		"",
		"times",
		"times 0",
		"times -1 2",
		"times 1e9",
		"compared 1 wrong 2 source 0",
		"opened 1 2 mpi",
		"id 00ff",
		"error 0 x",
		"error 99 x",
		"joined now",
		"hello",
	};
	struct rank_answer answer;
	struct ensemble_reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(rank_answer_read(span_of(none[i]), &answer));
	assert_true(rank_answer_read(SPAN("times 1e-05 2e-05"), &answer));
	assert_int_equal(answer.time_count, 2);
	assert_true(rank_answer_read(SPAN("compared 128 wrong 3 source 4294967295"), &answer));
	assert_int_equal(answer.verdict.source, PAYLOAD_NOBODY);
	assert_true(ensemble_reply_read(SPAN("1 ncclAllReduce"), &reply));
	assert_int_equal(reply.end, WORKER_STALLED);
	assert_false(ensemble_reply_read(SPAN("77 x"), &reply));
	assert_true(ensemble_reply_read(SPAN("- "), &reply));
	assert_false(reply.was_asked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(partners_are_mutual_and_change),
		cmocka_unit_test(sizes_end_with_the_largest_that_fits),
		cmocka_unit_test(elements_are_shared_out_evenly),
		cmocka_unit_test(iterations_follow_the_budget),
		cmocka_unit_test(ways_of_a_node_and_between_nodes),
		cmocka_unit_test(what_a_rank_says_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
