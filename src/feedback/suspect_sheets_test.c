#include "feedback/rule.h"
#include "test/customers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const honest[] = { "gggsgfgnsg", "fgsgggfgsg", "sggfsgngfg",
				      "ngsfgsggnf", "gfsgnsfgsn", "sfgngsgfgs" };

static void add_honest(struct customers *all)
{
	for (unsigned i = 0; i < sizeof(honest) / sizeof(honest[0]); i++)
		customers_add(all, "p", honest[i]);
}

static void equal_sheets_of_rare_answers_are_copies(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	add_honest(&all);
	for (unsigned i = 0; i < 4; i++)
		customers_add(&all, "p", i == 2 ? "nsfnsfnsfs" : "nsfnsfnsfn");
	(void)customers_opinion(&all, "p", 0);
	for (unsigned i = 0; i < 6; i++)
		assert_null(customers_flag(&all, &all.items[i], SUSPICION_COPY));
	for (unsigned i = 6; i < 10; i++)
		assert_non_null(customers_flag(&all, &all.items[i], SUSPICION_COPY));
}

/* Others who have one half of a sheet each, before those who copy it, do not hide the copies. */
static void decoys_do_not_hide_copies(void **state)
{
	static const char *const sheets[] = { "ngfgsgngfg", "gsgngfgsgn", "nsfnsfnsfn",
					      "nsfnsfnsff", "nsfnsfnnfn", "nsfnssnsfn" };
	SCOPED_CUSTOMERS(all);

	(void)state;
	add_honest(&all);
	for (unsigned i = 0; i < 6; i++)
		customers_add(&all, "p", sheets[i])->tenant =
			arena_format(&all.arena, "tenant %u", i);
	(void)customers_opinion(&all, "p", 0);
	for (unsigned i = 0; i < 8; i++)
		assert_null(customers_flag(&all, &all.items[i], SUSPICION_COPY));
	for (unsigned i = 8; i < 12; i++)
		assert_non_null(customers_flag(&all, &all.items[i], SUSPICION_COPY));
}

static void content_customers_may_agree(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	for (unsigned i = 0; i < 12; i++)
		customers_add(&all, "p", i % 3 == 0 ? "ffffgfffff" : "ffffffffff");
	(void)customers_opinion(&all, "p", 0);
	/* The others answer as these do: nothing is rare about it. */
	all.items[0].answer_count = 9;
	for (unsigned i = 0; i < 4; i++)
		customers_add(&all, "p", "fffgfffffg");
	(void)customers_opinion(&all, "p", 0);
	assert_null(customers_flag(&all, &all.items[0], SUSPICION_COPY));
}

static void short_sheets_are_not_compared(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	add_honest(&all);
	for (unsigned i = 0; i < 6; i++)
		customers_add(&all, "p", "nsfnsfn");
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_sheets_of_rare_answers_are_copies),
		cmocka_unit_test(decoys_do_not_hide_copies),
		cmocka_unit_test(content_customers_may_agree),
		cmocka_unit_test(short_sheets_are_not_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
