#include "active/burn_pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NS_PER_S 1000000000ll
#define NS_PER_MS 1000000ll

/* Walks from change to change, as a child does, and sums up what was on in which phase. */
static void walk(const struct burn_pace *pace, int64_t on_ns[3], int64_t all_ns[3],
		 unsigned *ret_steps)
{
	unsigned steps = 0;

	for (int64_t now_ns = pace->start_ns; now_ns < pace->end_ns; steps++) {
		int64_t since_ns, until_ns;
		bool is_on;
		enum burn_phase phase = burn_pace_at(pace, now_ns, &is_on, &since_ns, &until_ns);

		assert_true(until_ns > now_ns && until_ns <= pace->end_ns);
		assert_true(since_ns <= now_ns && since_ns >= pace->start_ns);
		all_ns[phase] += until_ns - now_ns;
		on_ns[phase] += is_on ? until_ns - now_ns : 0;
		now_ns = until_ns;
	}
	*ret_steps = steps;
}

static void full_load_pulses_and_rest_have_their_parts(void **state)
{
	static const int64_t lengths_ns[] = { 500 * NS_PER_MS, 6 * NS_PER_S, 60 * NS_PER_S,
					      3600 * NS_PER_S, 28800 * NS_PER_S };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths_ns) / sizeof(lengths_ns[0]); i++) {
		struct burn_pace pace = burn_pace_of(77, 77 + lengths_ns[i]);
		int64_t on_ns[3] = { 0 }, all_ns[3] = { 0 };
		double length = (double)lengths_ns[i];
		unsigned steps;

		walk(&pace, on_ns, all_ns, &steps);
		assert_true((double)all_ns[BURN_FULL] > 0.79 * length);
		assert_true((double)all_ns[BURN_FULL] < 0.86 * length);
		assert_true(on_ns[BURN_FULL] == all_ns[BURN_FULL]);
		assert_true(on_ns[BURN_HALF] * 100 > all_ns[BURN_HALF] * 45);
		assert_true(on_ns[BURN_HALF] * 100 < all_ns[BURN_HALF] * 55);
		assert_int_equal(on_ns[BURN_IDLE], 0);
		assert_true(all_ns[BURN_IDLE] > 0);
		assert_true(steps >= 8 && steps < 48 * 300);
	}
}

static void a_long_one_has_cycles_of_ten_minutes(void **state)
{
	struct burn_pace pace = burn_pace_of(0, 28800 * NS_PER_S);

	(void)state;
	assert_int_equal(pace.cycle_ns, 600 * NS_PER_S);
	assert_int_equal(pace.pulse_ns, NS_PER_S);
}

static void outside_there_is_no_load(void **state)
{
	struct burn_pace pace = burn_pace_of(1000, 1000 + 6 * NS_PER_S);
	int64_t since_ns, until_ns;
	bool is_on;

	(void)state;
	assert_int_equal(burn_pace_at(&pace, 5, &is_on, &since_ns, &until_ns), BURN_IDLE);
	assert_false(is_on);
	assert_int_equal(until_ns, 1000);
	assert_int_equal(burn_pace_at(&pace, pace.end_ns, &is_on, &since_ns, &until_ns), BURN_IDLE);
	assert_false(is_on);
}

static void full_load_is_added_up(void **state)
{
	const struct burn_pace pace = burn_pace_of(0, 6000 * NS_PER_S);

	(void)state;
	assert_int_equal(burn_pace_slice_ns(&pace), NS_PER_S / 2);
	assert_int_equal(burn_pace_full_ns(&pace, 0, 600 * NS_PER_S), 480 * NS_PER_S);
	assert_int_equal(burn_pace_full_ns(&pace, 470 * NS_PER_S, 610 * NS_PER_S), 20 * NS_PER_S);
	assert_int_equal(burn_pace_full_ns(&pace, 490 * NS_PER_S, 500 * NS_PER_S), 0);
	assert_int_equal(burn_pace_full_ns(&pace, 7000 * NS_PER_S, 7010 * NS_PER_S), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_load_pulses_and_rest_have_their_parts),
		cmocka_unit_test(a_long_one_has_cycles_of_ten_minutes),
		cmocka_unit_test(outside_there_is_no_load),
		cmocka_unit_test(full_load_is_added_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
