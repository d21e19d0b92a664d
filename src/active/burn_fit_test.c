#include "active/burn_fit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include <cmocka.h>

#define NEAR(is, ought, within) assert_true(fabs((is) - (ought)) <= (within))

static double unit(uint64_t key, uint64_t counter)
{
	return (double)(random_u64(key, counter) >> 11) * 0x1p-53;
}

/* A line that loses so many percent for ten degrees more, as it is at 60 degrees. */
static void draw(struct burn_point *points, size_t count, double percent, double range_c,
		 double noise, uint64_t key)
{
	for (size_t i = 0; i < count; i++) {
		double c = 60 + range_c * ((double)i / (double)(count - 1) - 0.5);
		double speed = 7e14 * (1 - percent / 100 * (c - 60) / 10);

		points[i].temperature_c = c;
		points[i].speed = speed * (1 + noise * (2 * unit(key, i) - 1));
	}
}

static void a_line_is_found_as_it_was_drawn(void **state)
{
	static const double percents[] = { -0.5, 0, 0.4, 1, 3.7, 12 };
	struct burn_point points[100];
	struct burn_loss loss;
	const char *reason;

	(void)state;
	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++) {
		draw(points, 100, percents[i], 20, 0, 1);
		assert_true(burn_fit(points, 100, &loss, &reason));
		NEAR(loss.percent, percents[i], 1e-9);
		NEAR(loss.low, loss.high, 1e-9);
		assert_int_equal(loss.count, 100);
	}
}

static void the_interval_holds_the_truth_nineteen_times_of_twenty(void **state)
{
	struct burn_point points[60];
	unsigned held = 0;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		struct burn_loss loss;
		const char *reason;

		draw(points, 60, 2, 12, 0.01, i);
		assert_true(burn_fit(points, 60, &loss, &reason));
		assert_true(loss.low < loss.percent && loss.percent < loss.high);
		held += loss.low <= 2 && 2 <= loss.high;
	}
	/* 950 are expected; the lag correction of independent errors makes it a little wider. */
	assert_in_range(held, 930, 990);
}

static void errors_that_go_on_make_it_wider(void **state)
{
	struct burn_point points[200];
	struct burn_loss loss, steady;
	const char *reason;

	(void)state;
	draw(points, 200, 1, 20, 0.01, 1);
	assert_true(burn_fit(points, 200, &steady, &reason));
	for (size_t i = 0; i < 200; i++)
		points[i].speed *= 1 + 0.01 * sin((double)i / 10);
	assert_true(burn_fit(points, 200, &loss, &reason));
	assert_true(loss.free < 60);
	assert_true(loss.high - loss.low > 2 * (steady.high - steady.low));
}

static void what_does_not_tell_says_why(void **state)
{
	struct burn_point points[20];
	struct burn_loss loss = { .percent = 77 };
	const char *reason = NULL;

	(void)state;
	draw(points, 20, 1, 4.9, 0, 1);
	assert_false(burn_fit(points, 20, &loss, &reason));
	assert_string_equal(reason, "its temperatures lay within five degrees");
	draw(points, 20, 1, 20, 0, 1);
	assert_false(burn_fit(points, 5, &loss, &reason));
	for (size_t i = 0; i < 15; i++)
		points[i].temperature_c = (double)NAN;
	assert_false(burn_fit(points, 20, &loss, &reason));
	assert_string_equal(reason, "fewer than six windows of full load with a temperature");
	assert_false(burn_fit(points, 0, &loss, &reason));
	/* One way up, with an error that is another with each half: time and heat look alike. */
	draw(points, 20, 1, 20, 0, 1);
	for (size_t i = 0; i < 20; i++)
		points[i].speed *= i < 7 || i >= 14 ? 1.05 : 0.95;
	assert_false(burn_fit(points, 20, &loss, &reason));
	assert_string_equal(reason, "its windows do not tell heat from the passing of time");
	NEAR(loss.percent, 77, 0);
}

static void student_is_that_of_the_tables(void **state)
{
	static const struct {
		double degrees, value;
	} cases[] = { { 3, 3.182446 }, { 4, 2.776445 }, { 10, 2.228139 }, { 100, 1.983972 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		NEAR(burn_student(cases[i].degrees), cases[i].value, 0.01 * cases[i].value);
}

static void the_middle_leaves_out_what_was_not_measured(void **state)
{
	const double values[] = { 3, 0, 1, (double)NAN, 2, 100, -5 };
	struct burn_middle middle = burn_middle(values, sizeof(values) / sizeof(values[0]));

	(void)state;
	assert_int_equal(middle.count, 4);
	NEAR(middle.median, 2.5, 1e-12);
	NEAR(middle.deviation, 1.4826 * 1, 1e-4);
	assert_int_equal(burn_middle(values, 0).count, 0);
	NEAR(burn_middle(&values[1], 1).median, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_found_as_it_was_drawn),
		cmocka_unit_test(the_interval_holds_the_truth_nineteen_times_of_twenty),
		cmocka_unit_test(errors_that_go_on_make_it_wider),
		cmocka_unit_test(what_does_not_tell_says_why),
		cmocka_unit_test(student_is_that_of_the_tables),
		cmocka_unit_test(the_middle_leaves_out_what_was_not_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
