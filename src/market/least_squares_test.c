#include "market/least_squares.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "test/quotes.h"

#include <cmocka.h>

enum {
	ROWS = 60,
	COLUMNS = 5,
};

/* y of x, with a constant. */
static struct regression_row row_of(double x, double y)
{
	return (struct regression_row){
		.columns = { 0, 1 },
		.entries = { 1, x },
		.count = 2,
		.target = y,
		.weight = 1,
	};
}

static void expect_close(double is, double wanted)
{
	if (fabs(is - wanted) > 1e-7)
		print_message("# %.12g, not %.12g\n", is, wanted);
	assert_true(fabs(is - wanted) <= 1e-7);
}

/* By hand: with mean 2 of x and 3 of y, the slope is ((-2)(-2) + (-1)(0) + 0(-1) + 1(1) + 2(2)) /
 * 10, 9 / 10, and the constant is 3 - 2 * 0.9. The scale is so large that no row is an outlier. */
static void a_line_through_five_points_is_as_by_hand(void **state)
{
	const struct regression_row rows[] = { row_of(0, 1), row_of(1, 3), row_of(2, 2),
					       row_of(3, 4), row_of(4, 5) };
	double coefficients[2];
	bool known[2];

	(void)state;
	regress_robust(rows, 5, 2, 100, coefficients, known);
	assert_true(known[0] && known[1]);
	expect_close(coefficients[0], 1.2);
	expect_close(coefficients[1], 0.9);
}

static void a_row_of_double_weight_is_two_rows(void **state)
{
	struct regression_row once[] = { row_of(0, 1), row_of(1, 3), row_of(2, 2), row_of(3, 7) };
	const struct regression_row twice[] = { row_of(0, 1), row_of(1, 3), row_of(2, 2),
						row_of(3, 7), row_of(3, 7) };
	double a[2], b[2];
	bool known[2];

	(void)state;
	once[3].weight = 2;
	regress_robust(once, 4, 2, 100, a, known);
	regress_robust(twice, 5, 2, 100, b, known);
	expect_close(a[0], b[0]);
	expect_close(a[1], b[1]);
}

/* Rows of drawn entries that have these coefficients exactly. */
static void draw_rows(uint32_t stream, const double *truth, struct regression_row *rows)
{
	for (uint32_t i = 0; i < ROWS; i++) {
		rows[i] = (struct regression_row){ .count = COLUMNS, .weight = 1 + i % 3 };
		for (uint32_t k = 0; k < COLUMNS; k++) {
			rows[i].columns[k] = k;
			rows[i].entries[k] = random_u32(stream, COLUMNS * i + k) / 4294967296.0;
			rows[i].target += truth[k] * rows[i].entries[k];
		}
	}
}

/* Exact rows give their coefficients back, whatever these are. */
static void exact_rows_are_recovered(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 50; round++) {
		struct regression_row rows[ROWS];
		double truth[COLUMNS], found[COLUMNS];
		bool known[COLUMNS];

		for (uint32_t k = 0; k < COLUMNS; k++)
			truth[k] = random_u32(round, k) / 4294967296.0 - 0.5;
		draw_rows(round + 77, truth, rows);
		regress_robust(rows, ROWS, COLUMNS, 0.01, found, known);
		for (unsigned k = 0; k < COLUMNS; k++) {
			assert_true(known[k]);
			expect_close(found[k], truth[k]);
		}
	}
}

/* Of a location, Huber's estimate by hand: with residuals within the reach but for one, the sum of
 * the others and the reach is zero. 1.345 times a scale of at least 1; the mad of 0, 0, 0, 0 and
 * the outlier is 0. */
static void an_outlier_pulls_no_more_than_the_reach(void **state)
{
	struct regression_row rows[5];
	double coefficient;
	bool known;

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		rows[i] = (struct regression_row){ .entries = { 1 }, .count = 1, .weight = 1 };
	rows[4].target = 1000;
	regress_robust(rows, 5, 1, 1, &coefficient, &known);
	expect_close(coefficient, 1.345 / 4);
	/* Twice as far is no further. */
	rows[4].target = 2000;
	regress_robust(rows, 5, 1, 1, &coefficient, &known);
	expect_close(coefficient, 1.345 / 4);
}

static void columns_that_determine_one_another_are_not_known(void **state)
{
	struct regression_row rows[6];
	double coefficients[4];
	bool known[4];

	(void)state;
	/* The third column is twice the second, the fourth is in no row. */
	for (unsigned i = 0; i < 6; i++)
		rows[i] = (struct regression_row){
			.columns = { 0, 1, 2 },
			.entries = { 1, i, 2.0 * i },
			.count = 3,
			.target = 1 + 3.0 * i,
			.weight = 1,
		};
	regress_robust(rows, 6, 4, 0.01, coefficients, known);
	assert_true(known[0]);
	assert_false(known[1]);
	assert_false(known[2]);
	assert_false(known[3]);
	expect_close(coefficients[0], 1);
	expect_close(coefficients[2], 0);
	expect_close(coefficients[3], 0);
	expect_close(coefficients[1], 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_through_five_points_is_as_by_hand),
		cmocka_unit_test(a_row_of_double_weight_is_two_rows),
		cmocka_unit_test(exact_rows_are_recovered),
		cmocka_unit_test(an_outlier_pulls_no_more_than_the_reach),
		cmocka_unit_test(columns_that_determine_one_another_are_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
