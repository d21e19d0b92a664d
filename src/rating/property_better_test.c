#include "rating/rule.h"
#include "test/cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* docs/rating.md, section 9: better evidence never lowers a score, and what settles an unknown as
 * pass never lowers a grade. */

enum {
	SCORES_AND_GRADES = FALL_POINTS | FALL_LOWS | FALL_GRADES | FALL_UNCAPPED,
};

static void expect_no_fall(struct invented *one, unsigned falls)
{
	const char *what = invented_falls(one, falls);

	if (what)
		fail_msg("%s", what);
}

static void a_better_answer_lowers_nothing(void **state)
{
	int changed = 0;

	(void)state;
	for (uint32_t seed = 0; seed < CASES; seed++) {
		SCOPED_INVENTED(one);
		int32_t i;

		invented_make(seed, 0, &one);
		i = invented_result(&one);
		if (i < 0 || !result_improve(&one.dice, invented_criterion(&one, &one.facts.at[i]),
					     &one.facts.at[i]))
			continue;
		expect_no_fall(&one, SCORES_AND_GRADES);
		changed++;
	}
	assert_true(changed >= CASES_ENOUGH);
}

static void a_stronger_source_of_the_best_answer_lowers_nothing(void **state)
{
	int changed = 0;

	(void)state;
	for (uint32_t seed = 0; seed < CASES; seed++) {
		SCOPED_INVENTED(one);
		struct record *record;
		int32_t i;

		invented_make(seed, 0, &one);
		i = invented_result(&one);
		if (i < 0)
			continue;
		record = &one.facts.at[i];
		if (record->strength == STRENGTH_E4)
			continue;
		result_best(invented_criterion(&one, record), record);
		invented_settle(&one);
		record->strength =
			(enum strength)dice_between(&one.dice, record->strength + 1u, STRENGTH_E4);
		expect_no_fall(&one, SCORES_AND_GRADES);
		changed++;
	}
	assert_true(changed >= CASES_ENOUGH);
}

/* A unit and a criterion that nothing settles in it; false when a few tries find none. */
static bool find_unknown(struct invented *one, const struct unit **ret_unit,
			 uint32_t *ret_criterion)
{
	const struct rating *rating = &one->before.rating;

	for (int tries = 0; tries < 30 && rating->unit_count > 0; tries++) {
		const struct unit *unit =
			&rating->units[dice_below(&one->dice, rating->unit_count)];
		uint32_t i = dice_below(&one->dice, one->standard.criterion_count);

		if (unit->settlements[i].state == STATE_UNSETTLED ||
		    unit->settlements[i].state == STATE_STALE) {
			*ret_unit = unit;
			*ret_criterion = i;
			return true;
		}
	}
	return false;
}

static void settling_an_unknown_as_pass_lowers_nothing(void **state)
{
	int changed = 0;

	(void)state;
	for (uint32_t seed = 0; seed < CASES; seed++) {
		SCOPED_INVENTED(one);
		const struct unit *unit;
		struct record *record;
		uint32_t i;

		invented_make(seed, 0, &one);
		if (!find_unknown(&one, &unit, &i))
			continue;
		record = invent_result(&one.dice, &one.standard.criteria[i], "p", &one.facts);
		record->subject = unit->subject;
		record->source.name = "the truth";
		record->strength = STRENGTH_E4;
		record->observed = RATING_DAY;
		record->expires = DATE_NONE;
		record->announced = false;
		result_best(&one.standard.criteria[i], record);
		expect_no_fall(&one, SCORES_AND_GRADES | FALL_COVERAGE);
		changed++;
	}
	assert_true(changed >= CASES_ENOUGH);
}

/* Nothing that the file of a standard or of evidence could not say is made up. */
static void what_is_made_up_is_allowed(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < CASES; seed++) {
		SCOPED_INVENTED(one);
		struct error err = { 0 };

		invented_make(seed, 0, &one);
		for (uint32_t i = 0; i < one.facts.count; i++)
			if (!standard_accepts(&one.standard, &one.facts.at[i], DATE_NONE, &err))
				fail_msg("seed %u: %s", seed, err.text);
		for (unsigned g = GRADE_BRONZE; g < GRADE_COUNT; g++) {
			const struct grade_bar *bar = &one.standard.bars[g], *below = bar - 1;

			assert_true(bar->overall_from >= below->overall_from);
			assert_true(bar->overall_to >= below->overall_to);
			assert_true(bar->overall_to >= bar->overall_from);
			assert_true((bar->overall_to - bar->overall_from) * WORTH_ONE <
				    (WORTH_ONE - one.standard.presumption) * 1000);
			assert_true(bar->coverage_permille >= below->coverage_permille);
			assert_true(bar->strength >= below->strength);
			assert_true(bar->strength_permille >= below->strength_permille);
			for (uint32_t c = 0; c < one.standard.category_count; c++)
				assert_true(bar->category_permille[c] >=
					    below->category_permille[c]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_made_up_is_allowed),
		cmocka_unit_test(a_better_answer_lowers_nothing),
		cmocka_unit_test(a_stronger_source_of_the_best_answer_lowers_nothing),
		cmocka_unit_test(settling_an_unknown_as_pass_lowers_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
