#include "feedback/rule.h"
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

static void proofs_have_weights(void **state)
{
	static const struct {
		enum proof proof;
		bool checked;
		double weight;
	} cases[] = {
		{ PROOF_NONE, false, WEIGHT_NONE },      { PROOF_INVOICE, false, WEIGHT_UNSEEN },
		{ PROOF_INVOICE, true, WEIGHT_INVOICE }, { PROOF_CODE, false, WEIGHT_NONE },
		{ PROOF_CODE, true, WEIGHT_CODE },       { PROOF_RUN, false, WEIGHT_UNSEEN },
		{ PROOF_RUN, true, WEIGHT_RUN },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_CUSTOMERS(all);
		struct submission *one = customers_add(&all, "p", "g");
		const struct opinion *opinion;

		one->proof = cases[i].proof;
		one->is_proven = cases[i].checked;
		opinion = customers_opinion(&all, "p", 0);
		assert_int_equal(opinion->voice_count, 1);
		expect_near(opinion->weight, cases[i].weight);
		assert_int_equal(opinion->proven_count, cases[i].checked);
		assert_false(opinion->settles);
	}
}

static void opinions_lie_by_provider_subject_and_question(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct submission *one;

	(void)state;
	customers_add(&all, "q", "gg");
	one = customers_add(&all, "p", "f");
	one->subject.parts[SUBJECT_GPU] = "h100";
	customers_add(&all, "p", "-s");
	assert_null(customers_opinion(&all, "p", 3));
	assert_int_equal(all.opinions.count, 4);
	assert_string_equal(all.opinions.items[0].provider, "p");
	assert_int_equal(all.opinions.items[0].criterion, 1);
	assert_string_equal(all.opinions.items[0].text, "some");
	assert_string_equal(all.opinions.items[1].subject.parts[SUBJECT_GPU], "h100");
	assert_string_equal(all.opinions.items[3].provider, "q");
}

static void the_newest_answer_of_a_tenant_is_his_only_voice(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct submission *older = customers_add(&all, "p", "nn");
	struct submission *newer = customers_add(&all, "p", "f");
	const struct opinion *opinion;

	(void)state;
	newer->tenant = older->tenant;
	opinion = customers_opinion(&all, "p", 0);
	assert_int_equal(opinion->voice_count, 1);
	assert_string_equal(opinion->text, "full");
	/* What he did not answer again stands. */
	opinion = customers_opinion(&all, "p", 1);
	assert_int_equal(opinion->voice_count, 1);
	assert_string_equal(opinion->text, "none");
	newer->time = older->time - 1;
	assert_string_equal(customers_opinion(&all, "p", 0)->text, "none");
}

static void what_is_too_old_or_of_the_future_does_not_count(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct submission *one = customers_add(&all, "p", "g");

	(void)state;
	one->time = (CUSTOMERS_DAY - 365) * (int64_t)86400;
	assert_non_null(customers_opinion(&all, "p", 0));
	one->time -= 1;
	assert_null(customers_opinion(&all, "p", 0));
	one->time = (CUSTOMERS_DAY + 1) * (int64_t)86400 - 1;
	assert_non_null(customers_opinion(&all, "p", 0));
	one->time++;
	assert_null(customers_opinion(&all, "p", 0));
}

static void nothing_settles_without_enough_proven_voices(void **state)
{
	SCOPED_CUSTOMERS(all);
	const struct opinion *opinion;

	(void)state;
	for (unsigned i = 0; i < 300; i++)
		customers_claim(&all, "p", "f");
	for (unsigned i = 0; i < 4; i++)
		customers_add(&all, "p", "g");
	assert_false(customers_opinion(&all, "p", 0)->settles);
	customers_add(&all, "p", "g");
	opinion = customers_opinion(&all, "p", 0);
	assert_true(opinion->settles);
	assert_int_equal(opinion->proven_count, 5);
	assert_string_equal(opinion->text, "good");
	assert_int_equal(opinion->tally[2], 5);
	assert_int_equal(opinion->tally[3], 300);
}

static void codes_alone_settle_nothing(void **state)
{
	SCOPED_CUSTOMERS(all);
	const struct opinion *opinion;

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		customers_add(&all, "p", "f")->proof = PROOF_CODE;
	opinion = customers_opinion(&all, "p", 0);
	assert_false(opinion->settles);
	assert_true(opinion->weight < 2 * CLASS_WHOLE_CODE);
	customers_add(&all, "p", "f");
	assert_false(customers_opinion(&all, "p", 0)->settles);
	customers_add(&all, "p", "f");
	assert_true(customers_opinion(&all, "p", 0)->settles);
}

static void an_opinion_lapses_with_its_fifth_newest_proven_voice(void **state)
{
	SCOPED_CUSTOMERS(all);
	const struct opinion *opinion;

	(void)state;
	for (unsigned i = 0; i < 7; i++)
		customers_add(&all, "p", "g");
	opinion = customers_opinion(&all, "p", 0);
	assert_int_equal(opinion->newest, CUSTOMERS_DAY - 140);
	assert_int_equal(opinion->lapses, CUSTOMERS_DAY - 180 + 365);
}

static void most_of_the_weight_may_say_that_it_does_not_apply(void **state)
{
	struct given_answer yes = { QUESTION_SPARES, SAYS_ANSWER, "yes", 0, NULL };
	struct given_answer nothing = { QUESTION_SPARES, SAYS_NOT_APPLICABLE, "ours", 0, NULL };
	SCOPED_CUSTOMERS(all);
	const struct opinion *opinion;

	(void)state;
	for (unsigned i = 0; i < 11; i++) {
		struct submission *one = customers_add(&all, "p", "");

		one->answers = i < 5 ? &yes : &nothing;
		one->answer_count = 1;
	}
	opinion = customers_opinion(&all, "p", QUESTION_SPARES);
	assert_int_equal(opinion->says, SAYS_NOT_APPLICABLE);
	/* In the standard's words. */
	assert_string_equal(opinion->text, "nothing is replaced");
	assert_int_equal(opinion->proven_count, 6);
	assert_true(opinion->settles);
	all.items[10].answers = &yes;
	opinion = customers_opinion(&all, "p", QUESTION_SPARES);
	assert_int_equal(opinion->says, SAYS_ANSWER);
	assert_int_equal(opinion->proven_count, 6);
}

static void a_measure_gives_the_median_value(void **state)
{
	static const double values[] = { 12, 90, 20, 15, 11 };
	struct given_answer given[5];
	SCOPED_CUSTOMERS(all);
	const struct opinion *opinion;

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		struct submission *one = customers_add(&all, "p", "");

		given[i] =
			(struct given_answer){ QUESTION_START, SAYS_VALUE, NULL, values[i], NULL };
		one->answers = &given[i];
		one->answer_count = 1;
	}
	opinion = customers_opinion(&all, "p", QUESTION_START);
	assert_int_equal(opinion->says, SAYS_VALUE);
	expect_near(opinion->value, 15);
}

static void nobody_has_no_opinion(void **state)
{
	SCOPED_CUSTOMERS(all);

	(void)state;
	assert_null(customers_opinion(&all, "p", 0));
	assert_int_equal(all.opinions.flag_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proofs_have_weights),
		cmocka_unit_test(opinions_lie_by_provider_subject_and_question),
		cmocka_unit_test(the_newest_answer_of_a_tenant_is_his_only_voice),
		cmocka_unit_test(what_is_too_old_or_of_the_future_does_not_count),
		cmocka_unit_test(nothing_settles_without_enough_proven_voices),
		cmocka_unit_test(codes_alone_settle_nothing),
		cmocka_unit_test(an_opinion_lapses_with_its_fifth_newest_proven_voice),
		cmocka_unit_test(most_of_the_weight_may_say_that_it_does_not_apply),
		cmocka_unit_test(a_measure_gives_the_median_value),
		cmocka_unit_test(nobody_has_no_opinion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
