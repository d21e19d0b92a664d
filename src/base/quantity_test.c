#include "base/quantity.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
	DRAWS = 20000,
};

static void a_value_is_a_number_or_a_range(void **state)
{
	struct quantity quantity;

	(void)state;
	assert_true(quantity_parse(SPAN("12.5"), &quantity));
	assert_true(quantity.low == 12.5 && quantity.value == 12.5 && quantity.high == 12.5);
	assert_false(quantity_is_range(quantity));
	assert_true(quantity_parse(SPAN("4..9"), &quantity));
	assert_true(quantity.low == 4 && fabs(quantity.value - 6) < 1e-12 && quantity.high == 9);
	assert_true(quantity_is_range(quantity));
	assert_true(quantity_parse(SPAN("-1..1"), &quantity));
	assert_true(quantity.value == 0);
	assert_true(quantity_parse(SPAN("1..2..8"), &quantity));
	assert_true(quantity.value == 2 && quantity.high == 8);
}

static void what_is_no_quantity_is_refused(void **state)
{
	static const char *const wrong[] = {
		"", "x", "1..", "..2", "2..1", "1..2..3..4", "1...2", "nan", "1 ..2", "1,5",
	};
	struct quantity quantity = { .value = 7 };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(quantity_parse(span_of(wrong[i]), &quantity));
	assert_true(quantity.value == 7);
}

static void a_quantity_reads_back_as_it_was_written(void **state)
{
	static const char *const texts[] = { "12", "0.02..0.05..0.15", "-1..0..1" };
	char into[QUANTITY_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct quantity quantity;

		assert_true(quantity_parse(span_of(texts[i]), &quantity));
		assert_string_equal(quantity_format(quantity, into), texts[i]);
	}
}

static void draws_have_the_mean_of_the_triangle(void **state)
{
	static const struct quantity ranges[] = {
		{ 2, 1, 6 },
		{ 1, 1, 2 },
		{ 2, 1, 2 },
		{ 0, -3, 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		struct quantity range = ranges[i];
		double sum = 0;

		for (uint32_t draw = 0; draw < DRAWS; draw++) {
			double x = quantity_draw(range, 7ull << 32, draw);

			assert_true(x >= range.low && x <= range.high);
			sum += x;
		}
		assert_true(fabs(sum / DRAWS - (range.low + range.value + range.high) / 3) < 0.03);
	}
}

static void a_number_that_is_no_range_is_drawn_as_itself(void **state)
{
	(void)state;
	assert_true(quantity_draw(quantity_of(3.25), 1, 9) == 3.25);
}

static void the_interval_holds_eight_of_ten_draws_and_the_value(void **state)
{
	double draws[DRAWS];

	(void)state;
	for (int i = 0; i < DRAWS; i++)
		draws[i] = (DRAWS - i) / (double)DRAWS;
	struct quantity middle = quantity_of_draws(0.5, draws, DRAWS);
	assert_true(fabs(middle.low - 0.1) < 1e-3 && fabs(middle.high - 0.9) < 1e-3);
	middle = quantity_of_draws(0.95, draws, DRAWS);
	assert_true(middle.high == 0.95);
	middle = quantity_of_draws(4, NULL, 0);
	assert_true(middle.low == 4 && middle.high == 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_a_number_or_a_range),
		cmocka_unit_test(what_is_no_quantity_is_refused),
		cmocka_unit_test(a_quantity_reads_back_as_it_was_written),
		cmocka_unit_test(draws_have_the_mean_of_the_triangle),
		cmocka_unit_test(a_number_that_is_no_range_is_drawn_as_itself),
		cmocka_unit_test(the_interval_holds_eight_of_ten_draws_and_the_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
