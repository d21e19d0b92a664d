#include "active/corruption_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

static void a_batch_has_what_fits_and_at_least_one_round(void **state)
{
	static const struct {
		int64_t each, goal, left;
		uint64_t rounds;
	} cases[] = {
		{ 20, 1000, 5000, 50 },  { 20, 1000, 90, 4 }, { 20, 1000, 10, 1 },
		{ 20, 1000, 0, 1 },      { 20, 1000, -7, 1 }, { 0, 1000, 5000, 1 },
		{ 2000, 1000, 5000, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			corruption_plan_rounds(cases[i].each, cases[i].goal, cases[i].left),
			cases[i].rounds);
}

static void groups_are_even_and_cover_all(void **state)
{
	enum {
		AT_ONCE = 64,
	};

	(void)state;
	for (size_t count = 1; count < 300; count++) {
		const size_t groups = (count + AT_ONCE - 1) / AT_ONCE;
		size_t next = 0;

		for (size_t turn = 0; turn < groups; turn++) {
			const struct corruption_group group =
				corruption_plan_group(count, AT_ONCE, turn + 3 * groups);

			assert_int_equal(group.first, next);
			assert_true(group.count <= AT_ONCE && group.count >= count / groups);
			next += group.count;
		}
		assert_int_equal(next, count);
	}
	assert_int_equal(corruption_plan_group(0, AT_ONCE, 5).count, 0);
}

static void each_pair_comes_once_and_the_next_ones_first(void **state)
{
	enum {
		MOST = 8,
	};

	(void)state;
	for (size_t count = 2; count <= MOST; count++) {
		bool seen[MOST][MOST] = { { false } };

		for (size_t number = 0; number < count * (count - 1); number++) {
			const struct corruption_pair pair = corruption_plan_pair(count, number);

			assert_true(pair.from < count && pair.to < count && pair.from != pair.to);
			assert_false(seen[pair.from][pair.to]);
			seen[pair.from][pair.to] = true;
			if (number < count)
				assert_int_equal(pair.to, (pair.from + 1) % count);
		}
	}
}

static void a_part_is_never_too_short(void **state)
{
	(void)state;
	assert_int_equal(corruption_plan_part(1000, 10, 20), 100);
	assert_int_equal(corruption_plan_part(1000, 0, 20), 1000);
	assert_int_equal(corruption_plan_part(100, 10, 20), 20);
	assert_int_equal(corruption_plan_part(-5, 10, 20), 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_batch_has_what_fits_and_at_least_one_round),
		cmocka_unit_test(groups_are_even_and_cover_all),
		cmocka_unit_test(each_pair_comes_once_and_the_next_ones_first),
		cmocka_unit_test(a_part_is_never_too_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
