#include "feedback/rule.h"
#include "test/customers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void what_is_declared_is_flagged(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		customers_add(&all, i == 4 ? "big-cloud" : "p", "n");
	all.items[0].competes = true;
	all.items[1].employer = "Big Cloud";
	all.items[2].paid_for = true;
	all.items[3].employer = "A Laboratory";
	all.items[4].employer = "BigCloud";
	(void)customers_opinion(&all, "p", 0);
	assert_non_null(customers_flag(&all, &all.items[0], SUSPICION_RIVAL));
	assert_string_equal(customers_flag(&all, &all.items[1], SUSPICION_RIVAL),
			    "declared: works for another provider");
	assert_non_null(customers_flag(&all, &all.items[2], SUSPICION_PAID));
	assert_string_equal(customers_flag(&all, &all.items[4], SUSPICION_INSIDER),
			    "declared: works for the provider");
	assert_int_equal(all.opinions.flag_count, 4);
}

static void an_origin_that_praises_one_and_damns_the_rest_is_a_rival(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	customers_add(&all, "p", "ffgf")->origin = "den";
	customers_add(&all, "q", "nnnn")->origin = "den";
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 0);
	customers_add(&all, "r", "nnsn")->origin = "den";
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 3);
	assert_string_equal(customers_flag(&all, &all.items[0], SUSPICION_RIVAL),
			    "its origin praises one provider and damns 2 others");
	/* One that it finds middling breaks the pattern. */
	customers_add(&all, "s", "sgsg")->origin = "den";
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 0);
}

static void a_tenant_is_an_origin_when_none_is_known(void **state)
{
	static const char *const providers[] = { "p", "q", "r" };
	SCOPED_CUSTOMERS(all);

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct submission *one = customers_add(&all, providers[i], i ? "nnn" : "fff");

		one->origin = "";
		one->tenant = "t";
	}
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_declared_is_flagged),
		cmocka_unit_test(an_origin_that_praises_one_and_damns_the_rest_is_a_rival),
		cmocka_unit_test(a_tenant_is_an_origin_when_none_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
