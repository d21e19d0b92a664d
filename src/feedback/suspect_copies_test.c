#include "feedback/rule.h"
#include "test/customers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char praise[] = "They answer within the hour, know what they are doing and call back "
			     "when a node has been replaced.";
static const char padded[] = "Hello all. They answer within the hour, know what they are doing and "
			     "call back when a node has been replaced! Great!";
static const char other[] = "The shared file system vanished twice in March while two hundred "
			    "ranks were training, and it took a day.";

static void the_same_remark_of_several_is_one_voice(void **state)
{
	SCOPED_CUSTOMERS(all);
	const struct opinion *opinion;

	(void)state;
	customers_add(&all, "p", "f")->remark = praise;
	customers_add(&all, "p", "f")->remark = padded;
	customers_add(&all, "p", "n")->remark = other;
	customers_add(&all, "p", "f")->remark = "THEY ANSWER WITHIN THE HOUR; KNOW WHAT THEY ARE "
						"DOING AND CALL BACK WHEN A NODE HAS BEEN REPLACED";
	opinion = customers_opinion(&all, "p", 0);
	assert_string_equal(customers_flag(&all, &all.items[0], SUSPICION_COPY),
			    "the remarks of 3 tenants are nearly the same");
	assert_non_null(customers_flag(&all, &all.items[1], SUSPICION_COPY));
	assert_null(customers_flag(&all, &all.items[2], SUSPICION_COPY));
	/* Who spoke first keeps his weight. */
	assert_true(customers_weight(&all, opinion, &all.items[0]) >= WEIGHT_RUN);
	assert_true(customers_weight(&all, opinion, &all.items[1]) < WEIGHT_RUN / 4);
	assert_int_equal(opinion->proven_count, 2);
}

static void who_is_copied_does_not_lose_by_it(void **state)
{
	SCOPED_CUSTOMERS(all);
	const struct opinion *opinion;

	(void)state;
	customers_add(&all, "p", "n")->remark = other;
	for (unsigned i = 0; i < 50; i++)
		customers_claim(&all, "p", "n")->remark = other;
	/* An older one without a proof does not take the place of one who has it. */
	all.items[7].time = all.items[0].time - 1;
	opinion = customers_opinion(&all, "p", 0);
	assert_true(customers_weight(&all, opinion, &all.items[0]) >= WEIGHT_RUN);
}

static void short_and_unlike_remarks_are_not_copies(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		customers_add(&all, "p", "f")->remark = "all good, thanks to the team";
	customers_add(&all, "p", "f")->remark = praise;
	customers_add(&all, "p", "f")->remark = other;
	customers_add(&all, "p", "f")->remark = "";
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 0);
}

/* Others who have a part of a text each, before those who copy it, do not hide the copies. */
static void decoys_do_not_hide_copies(void **state)
{
	static const char *const decoys[] = {
		"We like their rates. They answer within the hour, know what they are doing. Our "
		"disks, our network and our bills were fine for all of the year.",
		"Nothing to say of prices, of nodes or of regions, but they are doing and call "
		"back when a node has been replaced, as one should.",
	};
	SCOPED_CUSTOMERS(all);

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		struct submission *one = customers_add(&all, "p", "f");

		one->remark = i < 2 ? decoys[i] : praise;
		one->tenant = arena_format(&all.arena, "tenant %u", i);
	}
	(void)customers_opinion(&all, "p", 0);
	assert_null(customers_flag(&all, &all.items[0], SUSPICION_COPY));
	assert_null(customers_flag(&all, &all.items[1], SUSPICION_COPY));
	for (unsigned i = 2; i < 6; i++)
		assert_string_equal(customers_flag(&all, &all.items[i], SUSPICION_COPY),
				    "the remarks of 4 tenants are nearly the same");
}

static void a_tenant_may_repeat_himself(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	customers_add(&all, "p", "f")->remark = praise;
	customers_add(&all, "p", "f")->remark = praise;
	all.items[1].tenant = all.items[0].tenant;
	customers_add(&all, "q", "f")->remark = praise;
	(void)customers_opinion(&all, "p", 0);
	assert_int_equal(all.opinions.flag_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_remark_of_several_is_one_voice),
		cmocka_unit_test(who_is_copied_does_not_lose_by_it),
		cmocka_unit_test(short_and_unlike_remarks_are_not_copies),
		cmocka_unit_test(decoys_do_not_hide_copies),
		cmocka_unit_test(a_tenant_may_repeat_himself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
