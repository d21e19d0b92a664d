#include "fabric/locate_match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum {
	ENDPOINTS = 101,
};

static void begin(struct locate *locate, uint32_t count, uint32_t *groups, struct arena *arena)
{
	struct error err = { 0 };

	assert_true(locate_init(locate, &locate_defaults, count, groups, arena, &err));
}

static void add(struct locate *locate, const struct locate_pair *pairs, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct locate_result result = {
			.a = pairs[i].a, .b = pairs[i].b, .rate = 1, .lost = -1, .worst_part = -1
		};

		locate_add(locate, &result);
	}
	locate->round++;
}

static void nobody_is_in_two_pairs_or_meets_a_partner_again(void **state)
{
	SCOPED_ARENA(arena);
	bool have_met[ENDPOINTS][ENDPOINTS] = { 0 };
	uint32_t left_over[ENDPOINTS] = { 0 };
	struct locate_pair pairs[ENDPOINTS];
	struct locate locate;

	(void)state;
	begin(&locate, ENDPOINTS, NULL, &arena);
	for (unsigned round = 0; round < 9; round++) {
		uint32_t count = locate_match_all(&locate, &arena, pairs);
		bool is_paired[ENDPOINTS] = { 0 };

		assert_int_equal(count, ENDPOINTS / 2);
		for (uint32_t i = 0; i < count; i++) {
			assert_false(is_paired[pairs[i].a]);
			assert_false(is_paired[pairs[i].b]);
			assert_int_not_equal(pairs[i].a, pairs[i].b);
			assert_false(have_met[pairs[i].a][pairs[i].b]);
			is_paired[pairs[i].a] = is_paired[pairs[i].b] = true;
			have_met[pairs[i].a][pairs[i].b] = true;
			have_met[pairs[i].b][pairs[i].a] = true;
		}
		for (uint32_t i = 0; i < ENDPOINTS; i++)
			left_over[i] += !is_paired[i];
		add(&locate, pairs, count);
	}
	for (uint32_t i = 0; i < ENDPOINTS; i++)
		assert_true(left_over[i] <= 1);
}

static void partners_are_of_the_same_group(void **state)
{
	SCOPED_ARENA(arena);
	uint32_t groups[20];
	struct locate_pair pairs[20];
	struct locate locate;
	uint32_t count;

	(void)state;
	for (uint32_t i = 0; i < 20; i++)
		groups[i] = i % 3;
	begin(&locate, 20, groups, &arena);
	locate_leave_out(&locate, 7);
	count = locate_match_all(&locate, &arena, pairs);
	assert_int_equal(count, 3 + 3 + 3);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(groups[pairs[i].a], groups[pairs[i].b]);
		assert_int_not_equal(pairs[i].a, 7);
		assert_int_not_equal(pairs[i].b, 7);
	}
}

static void the_undecided_meet_sound_ones_and_then_each_other(void **state)
{
	SCOPED_ARENA(arena);
	struct locate_pair pairs[10];
	struct locate locate;
	uint32_t count;

	(void)state;
	begin(&locate, 10, NULL, &arena);
	for (uint32_t i = 0; i < 10; i++)
		locate.findings[i].verdict = i < 2   ? LOCATE_SOUND
					     : i < 5 ? LOCATE_FAULTY
						     : LOCATE_OPEN;
	count = locate_match_undecided(&locate, &arena, pairs);
	assert_int_equal(count, 3);
	for (uint32_t i = 0; i < count; i++) {
		assert_true(pairs[i].a >= 5);
		assert_true(i < 2 ? pairs[i].b < 2 : pairs[i].b >= 5);
	}
	assert_int_not_equal(pairs[0].b, pairs[1].b);
}

static void the_same_seed_gives_the_same_pairs(void **state)
{
	SCOPED_ARENA(arena);
	struct locate_pair first[ENDPOINTS], second[ENDPOINTS];
	struct locate locate;
	uint32_t different = 0;

	(void)state;
	begin(&locate, ENDPOINTS, NULL, &arena);
	(void)locate_match_all(&locate, &arena, first);
	(void)locate_match_all(&locate, &arena, second);
	assert_memory_equal(first, second, ENDPOINTS / 2 * sizeof(*first));
	locate.options.seed = 2;
	(void)locate_match_all(&locate, &arena, second);
	for (uint32_t i = 0; i < ENDPOINTS / 2; i++)
		different += first[i].a != second[i].a;
	assert_true(different > ENDPOINTS / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_in_two_pairs_or_meets_a_partner_again),
		cmocka_unit_test(partners_are_of_the_same_group),
		cmocka_unit_test(the_undecided_meet_sound_ones_and_then_each_other),
		cmocka_unit_test(the_same_seed_gives_the_same_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
