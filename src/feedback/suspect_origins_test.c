#include "feedback/rule.h"
#include "test/customers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void many_tenants_of_one_origin_are_one_hand(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		customers_add(&all, "p", "f")->origin = "office";
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 0);
	customers_add(&all, "p", "f")->origin = "office";
	customers_add(&all, "q", "f")->origin = "office";
	assert_int_equal(customers_opinion(&all, "p", 0)->proven_count, 1);
	assert_string_equal(customers_flag(&all, &all.items[2], SUSPICION_SYBIL),
			    "4 tenants answer from one origin");
	assert_null(customers_flag(&all, &all.items[4], SUSPICION_SYBIL));
}

static void one_proof_is_one_voice(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		customers_add(&all, "p", "f");
	all.items[3].proof_mark = all.items[1].proof_mark;
	assert_int_equal(customers_opinion(&all, "p", 0)->proven_count, 5);
	assert_string_equal(customers_flag(&all, &all.items[3], SUSPICION_SYBIL),
			    "2 tenants show the same proof");
}

static void an_unknown_origin_is_no_origin(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	for (unsigned i = 0; i < 9; i++) {
		struct submission *one = customers_claim(&all, "p", "f");

		one->origin = "";
	}
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 0);
}

static void who_answers_often_is_one_tenant(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	for (unsigned i = 0; i < 9; i++) {
		struct submission *one = customers_add(&all, "p", "f");

		one->origin = "office";
		one->tenant = "t";
		one->proof_mark = "m";
	}
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_tenants_of_one_origin_are_one_hand),
		cmocka_unit_test(one_proof_is_one_voice),
		cmocka_unit_test(an_unknown_origin_is_no_origin),
		cmocka_unit_test(who_answers_often_is_one_tenant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
