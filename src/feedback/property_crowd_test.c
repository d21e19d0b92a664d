#include "feedback/rule.h"
#include "test/crowds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What holds for any crowd: docs/feedback.md, "What the rule promises". */

enum {
	CASES = 300,
};

static void the_order_of_submissions_changes_nothing(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= CASES; seed++) {
		SCOPED_CUSTOMERS(all);
		SCOPED_TEXT(before);
		SCOPED_TEXT(after);
		struct dice dice = dice_of(seed);

		crowd_invent(&all, &dice);
		crowd_write(&all, &before);
		for (uint32_t i = all.count; i > 1; i--) {
			uint32_t other = dice_below(&dice, i);
			struct submission one = all.items[i - 1];

			all.items[i - 1] = all.items[other];
			all.items[other] = one;
		}
		crowd_write(&all, &after);
		assert_string_equal(text_string(&before), text_string(&after));
	}
}

static void answering_again_never_adds_a_voice(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= CASES; seed++) {
		SCOPED_CUSTOMERS(all);
		struct dice dice = dice_of(seed);
		const struct opinion *opinion;
		struct submission *again;
		uint32_t voices, count;

		crowd_invent(&all, &dice);
		opinion = customers_opinion(&all, "p", 0);
		voices = opinion ? opinion->voice_count : 0;
		count = all.count;
		again = customers_add(&all, "p", "nnnnnnnnnn");
		again->tenant = all.items[dice_below(&dice, count)].tenant;
		again->time = CUSTOMERS_DAY * (int64_t)86400;
		opinion = customers_opinion(&all, "p", 0);
		assert_true(opinion->voice_count == voices || opinion->voice_count == voices + 1);
		voices = opinion->voice_count;
		/* Now that he has answered, a third time is no more. */
		*customers_add(&all, "p", "ffffffffff") = *again;
		all.items[all.count - 1].id = "third";
		all.items[all.count - 1].time++;
		assert_int_equal(customers_opinion(&all, "p", 0)->voice_count, voices);
	}
}

static void a_proven_voice_moves_the_mean_towards_it(void **state)
{
	static const char letters[] = "nsgf";
	static const double worths[] = { 0, 0.4, 0.8, 1 };

	(void)state;
	for (uint32_t seed = 1; seed <= CASES; seed++) {
		SCOPED_CUSTOMERS(all);
		struct dice dice = dice_of(seed);
		const struct opinion *opinion;
		uint32_t which = dice_below(&dice, 4);
		char sheet[2] = { letters[which], '\0' };
		double before = 0.25, after;
		struct submission *one;

		crowd_invent(&all, &dice);
		opinion = customers_opinion(&all, "p", 0);
		before = opinion ? opinion->worth : before;
		one = customers_add(&all, "p", sheet);
		one->time = CUSTOMERS_DAY * (int64_t)86400;
		one->proof = PROOF_INVOICE + (enum proof)dice_below(&dice, 3);
		opinion = customers_opinion(&all, "p", 0);
		after = opinion->worth;
		if (worths[which] > before)
			assert_true(after >= before - 1e-12 && after <= worths[which] + 1e-12);
		else
			assert_true(after <= before + 1e-12 && after >= worths[which] - 1e-12);
		assert_true(opinion->low <= after && after <= opinion->high);
		/* No narrower than its weight allows. */
		assert_true(
			opinion->high - opinion->low + 1e-12 >=
			fmin(Z_90 * sqrt(SPREAD_PRIOR_WEIGHT * after * (1 - after) /
					 (SPREAD_PRIOR_WEIGHT + opinion->weight) / opinion->weight),
			     fmax(after, 1 - after)));
	}
}

/* What so many invented tenants who all say the same do to honest ones. */
static void invent_tenants(uint32_t seed, const char *sheet)
{
	SCOPED_CUSTOMERS(all);
	struct dice dice = dice_of(seed);
	uint32_t proven = 5 + dice_below(&dice, 20);
	uint32_t invented = 1 + dice_below(&dice, 400);
	const double most = 2 * CLASS_WHOLE_UNPROVEN;
	double before, weight;

	crowd_prove(&all, &dice, proven);
	before = customers_opinion(&all, "p", 0)->worth;
	weight = customers_opinion(&all, "p", 0)->weight;
	for (uint32_t i = 0; i < invented; i++)
		customers_claim(&all, "p", sheet)->time = CUSTOMERS_DAY * (int64_t)86400 + i;
	assert_true(fabs(customers_opinion(&all, "p", 0)->worth - before) <=
		    most / (PRIOR_WEIGHT + weight - most) + 1e-12);
}

static void invented_tenants_without_proof_move_an_opinion_by_a_bound(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= CASES / 3; seed++) {
		invent_tenants(seed, "f");
		invent_tenants(seed, "n");
	}
}

static void copy_sheet(enum proof proof, uint32_t copies)
{
	SCOPED_CUSTOMERS(all);

	for (uint32_t i = 0; i < copies; i++) {
		struct submission *copy = proof == PROOF_NONE
						  ? customers_claim(&all, "p", "ffffffffff")
						  : customers_add(&all, "p", "ffffffffff");

		copy->origin = "den";
		copy->proof = proof;
	}
	assert_true(customers_opinion(&all, "p", 0)->weight <=
		    (1 + FOLLOWERS_SHARE) * feedback_weight(&all.items[0]) + 1e-12);
	assert_false(customers_opinion(&all, "p", 0)->settles);
}

static void copies_from_one_origin_are_about_one_voice(void **state)
{
	(void)state;
	for (unsigned proof = 0; proof < PROOF_COUNT; proof++)
		for (uint32_t copies = 4; copies <= 256; copies *= 2)
			copy_sheet((enum proof)proof, copies);
}

/* The same crowd with every answer turned round has the same weights and flags. */
static void praise_and_blame_weigh_the_same(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= CASES; seed++) {
		SCOPED_CUSTOMERS(all);
		SCOPED_TEXT(before);
		SCOPED_TEXT(after);
		struct dice dice = dice_of(seed);

		crowd_invent(&all, &dice);
		crowd_write_weights(&all, &before);
		crowd_turn(&all);
		crowd_write_weights(&all, &after);
		assert_string_equal(text_string(&before), text_string(&after));
	}
}

static void nothing_is_ever_left_out(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= CASES; seed++) {
		SCOPED_CUSTOMERS(all);
		struct dice dice = dice_of(seed);

		crowd_invent(&all, &dice);
		(void)customers_opinion(&all, "p", 0);
		for (uint32_t i = 0; i < all.opinions.count; i++)
			for (uint32_t k = 0; k < all.opinions.items[i].voice_count; k++) {
				const struct voice *voice = &all.opinions.items[i].voices[k];

				assert_true(voice->weight > 0 && voice->weight <= 1);
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_of_submissions_changes_nothing),
		cmocka_unit_test(answering_again_never_adds_a_voice),
		cmocka_unit_test(a_proven_voice_moves_the_mean_towards_it),
		cmocka_unit_test(invented_tenants_without_proof_move_an_opinion_by_a_bound),
		cmocka_unit_test(copies_from_one_origin_are_about_one_voice),
		cmocka_unit_test(praise_and_blame_weigh_the_same),
		cmocka_unit_test(nothing_is_ever_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
