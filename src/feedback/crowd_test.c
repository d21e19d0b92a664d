#include "feedback/crowd.h"
#include "test/customers.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect_near(double value, double wanted)
{
	assert_true(fabs(value - wanted) <= 1e-9);
}

static void gather(struct customers *all, struct crowd *ret_crowd)
{
	crowd_of(&all->standard, all->items, all->count, CUSTOMERS_DAY, &all->arena, ret_crowd);
}

static void a_person_is_a_tenant_of_one_provider(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct crowd crowd;

	(void)state;
	customers_add(&all, "q", "gs");
	customers_add(&all, "p", "nf")->tenant = "t0";
	customers_add(&all, "q", "-nf")->tenant = "t0";
	gather(&all, &crowd);
	assert_int_equal(crowd.count, 2);
	assert_string_equal(person_provider(&crowd.people[0]), "p");
	assert_int_equal(crowd_end(&crowd, 0), 1);
	assert_int_equal(crowd_end(&crowd, 1), 2);
	assert_int_equal(crowd.people[1].count, 2);
	assert_int_equal(crowd.people[1].sheet_count, 3);
	assert_string_equal(crowd.people[1].sheet[0]->text, "good");
	assert_string_equal(crowd.people[1].sheet[1]->text, "none");
	assert_int_equal(crowd.people[1].since, all.items[0].time);
}

static void a_hand_weighs_little_more_than_its_best_proven(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct crowd crowd;

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		customers_add(&all, "p", "g");
	all.items[0].proof = PROOF_INVOICE;
	all.items[4].proof = PROOF_INVOICE;
	gather(&all, &crowd);
	for (uint32_t i = 1; i < 5; i++)
		crowd_join(&crowd, 0, i);
	crowd_weigh(&crowd);
	/* Of the runs the first. */
	assert_int_equal(crowd_hand(&crowd, 4), 1);
	expect_near(crowd.people[1].left, 1);
	expect_near(crowd.people[2].left, FOLLOWERS_SHARE / 3);
	expect_near(crowd.people[0].left, crowd.people[4].left);
}

static void one_follower_keeps_the_share_of_itself(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct crowd crowd;

	(void)state;
	customers_add(&all, "p", "g");
	customers_claim(&all, "p", "g");
	gather(&all, &crowd);
	crowd_join(&crowd, 1, 0);
	crowd_weigh(&crowd);
	expect_near(crowd.people[0].left, 1);
	expect_near(crowd.people[1].left, FOLLOWERS_SHARE);
}

static void reasons_multiply(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct crowd crowd;

	(void)state;
	customers_add(&all, "p", "g");
	gather(&all, &crowd);
	crowd.people[0].reasons[SUSPICION_PAID] = "paid";
	crowd.people[0].reasons[SUSPICION_INSIDER] = "insider";
	crowd_weigh(&crowd);
	expect_near(crowd.people[0].left, LEFT_PAID * LEFT_INSIDER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_person_is_a_tenant_of_one_provider),
		cmocka_unit_test(a_hand_weighs_little_more_than_its_best_proven),
		cmocka_unit_test(one_follower_keeps_the_share_of_itself),
		cmocka_unit_test(reasons_multiply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
