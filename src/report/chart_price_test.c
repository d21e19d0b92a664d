#include "report/chart_price.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static unsigned count_of(const struct text *text, const char *piece)
{
	unsigned count = 0;

	for (const char *at = text_string(text); (at = strstr(at, piece)); at++)
		count++;
	return count;
}

static void a_trend_has_line_band_and_turns(void **state)
{
	static const struct price_point points[] = {
		{ 20000, 7.74, 7, 8, false },
		{ 20100, 2.55, 2, 3, false },
		{ 20200, 6.33, (double)NAN, (double)NAN, true },
	};
	static const size_t turns[] = { 1 };
	SCOPED_TEXT(text);

	(void)state;
	chart_price_trend(&text, "H100", points, 3, turns, 1);
	assert_int_equal(count_of(&text, "class=\"curve\""), 1);
	assert_int_equal(count_of(&text, "class=\"curve third\""), 1);
	assert_int_equal(count_of(&text, "class=\"band\""), 2);
	assert_int_equal(count_of(&text, "class=\"turn\""), 1);
	assert_non_null(strstr(text_string(&text), ">2.55<"));
	assert_non_null(strstr(text_string(&text), ">10<"));
	assert_null(strstr(text_string(&text), "nan"));
}

static void one_value_is_a_point(void **state)
{
	static const struct price_point point = { 20000, 2, (double)NAN, (double)NAN, false };
	SCOPED_TEXT(text);

	(void)state;
	chart_price_trend(&text, "H100", &point, 1, NULL, 0);
	assert_int_equal(count_of(&text, "class=\"curve\""), 0);
	assert_int_equal(count_of(&text, "class=\"point\""), 1);
}

static void who_is_dominated_is_hollow(void **state)
{
	static const struct price_offer offers[] = {
		{ "a", "gold", 2, 70, false },
		{ "b", "bronze", 3, 40, true },
		{ "c", "unrated", 1, (double)NAN, false },
	};
	SCOPED_TEXT(text);

	(void)state;
	chart_price_grade(&text, "prices", offers, 3);
	assert_int_equal(count_of(&text, "class=\"hollow\""), 1);
	assert_int_equal(count_of(&text, "class=\"gold\""), 1);
	/* Not rated stands at the foot, where no score is. */
	assert_non_null(strstr(text_string(&text), "class=\"unrated\" cx=\"28.50%\" cy=\"200.0\""));
}

static void steps_lead_from_quote_to_worth(void **state)
{
	static const struct price_step steps[] = {
		{ "quote", 2, (double)NAN, (double)NAN, true },
		{ "network", 0.5, 0.4, 0.6, false },
		{ "performance", -0.25, (double)NAN, (double)NAN, false },
		{ "effective", 2.25, 2, 2.5, true },
	};
	SCOPED_TEXT(text);

	(void)state;
	chart_price_steps(&text, "steps", steps, 4);
	assert_int_equal(count_of(&text, "class=\"likely\""), 2);
	assert_int_equal(count_of(&text, "class=\"lost\""), 1);
	assert_int_equal(count_of(&text, "class=\"won\""), 1);
	assert_int_equal(count_of(&text, "class=\"whisker\""), 2);
	assert_non_null(strstr(text_string(&text), ">+0.500<"));
	assert_non_null(strstr(text_string(&text), ">-0.250<"));
}

static void a_model_that_is_not_possible_has_no_line(void **state)
{
	static const double hours[] = { 0, 100, 200 };
	static const double demand[] = { 0, 300, 600 };
	static const double contract[] = { (double)NAN, (double)NAN, (double)NAN };
	static const double spot[] = { 0, 150, (double)NAN };
	static const struct cost_line lines[] = {
		{ "on demand", demand },
		{ "contract", contract },
		{ "spot", spot },
	};
	SCOPED_TEXT(text);

	(void)state;
	chart_cost_hours(&text, "cost", hours, 3, lines, 3);
	assert_int_equal(count_of(&text, "class=\"curve\""), 2);
	assert_int_equal(count_of(&text, "class=\"curve third\""), 1);
	assert_null(strstr(text_string(&text), ">contract<"));
	assert_non_null(strstr(text_string(&text), ">spot<"));
	assert_null(strstr(text_string(&text), "nan"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trend_has_line_band_and_turns),
		cmocka_unit_test(one_value_is_a_point),
		cmocka_unit_test(who_is_dominated_is_hollow),
		cmocka_unit_test(steps_lead_from_quote_to_worth),
		cmocka_unit_test(a_model_that_is_not_possible_has_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
