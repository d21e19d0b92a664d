#include "feedback/rule.h"
#include "test/customers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const int64_t day = 86400;

static void many_at_once_without_proof_are_a_burst(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		customers_claim(&all, "p", "g");
	for (unsigned i = 0; i < 8; i++)
		customers_claim(&all, "p", "f")->time = (CUSTOMERS_DAY - 2) * day + i * 3600;
	(void)customers_opinion(&all, "p", 0);
	for (unsigned i = 0; i < 5; i++)
		assert_null(customers_flag(&all, &all.items[i], SUSPICION_BURST));
	for (unsigned i = 5; i < 13; i++)
		assert_non_null(customers_flag(&all, &all.items[i], SUSPICION_BURST));
}

static void a_steady_stream_is_none(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	/* Two a day for months: six and more in any three days. */
	for (unsigned i = 0; i < 200; i++)
		customers_claim(&all, "p", "g")->time = (CUSTOMERS_DAY - 100) * day + i * day / 2;
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 0);
}

static void proven_customers_may_all_speak_at_once(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	for (unsigned i = 0; i < 30; i++) {
		struct submission *one = customers_add(&all, "p", "n");

		one->time = (CUSTOMERS_DAY - 1) * day + i;
		one->proof = i % 2 ? PROOF_RUN : PROOF_INVOICE;
	}
	assert_true(customers_opinion(&all, "p", 0)->settles);
	assert_int_equal(all.opinions.flag_count, 0);
	for (unsigned i = 0; i < 30; i++)
		all.items[i].proof = PROOF_CODE;
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_at_once_without_proof_are_a_burst),
		cmocka_unit_test(a_steady_stream_is_none),
		cmocka_unit_test(proven_customers_may_all_speak_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
