#include "active/lasting.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct lasting of_rates(const double *rates, unsigned count, double seconds)
{
	struct lasting lasting = { 0 };

	for (unsigned i = 0; i < count; i++)
		lasting_add(&lasting, rates[i], seconds);
	return lasting;
}

static void the_first_fifth_is_compared_with_the_last(void **state)
{
	static const double rates[10] = { 100, 90, 10, 80, 80, 80, 80, 80, 70, 25 };
	const struct lasting lasting = of_rates(rates, 10, 6);
	const char *why = NULL;
	double fall = 0;

	(void)state;
	SCOPED_ARENA(arena);
	assert_true(fabs(lasting_first(&lasting) - 95) < 1e-9);
	assert_true(fabs(lasting_last(&lasting) - 47.5) < 1e-9);
	assert_true(fabs(lasting_worst(&lasting) - 10) < 1e-9);
	assert_true(lasting_fall(&lasting, &arena, &fall, &why));
	assert_true(fabs(fall - 50) < 1e-9);
}

static void what_got_faster_did_not_fall(void **state)
{
	static const double rates[5] = { 1, 1, 1, 1, 2 };
	const struct lasting lasting = of_rates(rates, 5, 12);
	const char *why = NULL;
	double fall = 1;

	(void)state;
	SCOPED_ARENA(arena);
	assert_true(lasting_fall(&lasting, &arena, &fall, &why));
	assert_true(fall <= 0);
}

static void a_short_load_is_nothing_to_compare(void **state)
{
	static const double rates[5] = { 100, 100, 100, 100, 100 };
	const struct lasting lasting = of_rates(rates, 5, 0.4);
	const char *why = NULL;
	double fall;

	(void)state;
	SCOPED_ARENA(arena);
	assert_false(lasting_fall(&lasting, &arena, &fall, &why));
	assert_non_null(strstr(why, "lasted 2.0 s, at least 60 s"));
}

static void nothing_at_the_start_is_nothing_to_compare(void **state)
{
	static const double rates[5] = { 0, 100, 100, 100, 100 };
	const struct lasting lasting = of_rates(rates, 5, 20), none = { .seconds = 100 };
	const char *why = NULL;
	double fall;

	(void)state;
	SCOPED_ARENA(arena);
	assert_false(lasting_fall(&lasting, &arena, &fall, &why));
	assert_non_null(strstr(why, "nothing succeeded"));
	assert_false(lasting_fall(&none, &arena, &fall, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_fifth_is_compared_with_the_last),
		cmocka_unit_test(what_got_faster_did_not_fall),
		cmocka_unit_test(a_short_load_is_nothing_to_compare),
		cmocka_unit_test(nothing_at_the_start_is_nothing_to_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
