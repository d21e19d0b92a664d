#include "rating/rule.h"
#include "test/falls.h"
#include "test/invent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* docs/rating.md, section 9: better evidence never lowers a score. */

enum {
	CASES = 600,
	CASES_ENOUGH = 300, /* in so many of them there has to be something to change */
};

struct invented {
	struct arena arena;
	struct dice dice;
	struct standard standard;
	struct facts facts;
	struct rating_request request;
	struct rated before;
};

static void release(struct invented *one)
{
	rated_release(&one->before);
	arena_release(&one->arena);
}

#define SCOPED_INVENTED(name) struct invented name __attribute__((cleanup(release))) = { 0 }

static void invent(uint32_t seed, struct invented *into)
{
	into->dice = dice_of(seed);
	invent_standard(&into->dice, &into->arena, &into->standard);
	into->facts = facts_new(&into->arena);
	invent_facts(&into->dice, &into->standard, &into->facts);
	into->request = plain_request(&into->standard);
	into->request.profile = (int32_t)dice_below(&into->dice, 3) - 1;
	facts_rate(&into->facts, &into->request, &into->before);
}

static const struct criterion *criterion_of(const struct invented *one, const struct record *record)
{
	int32_t found = standard_find_criterion(&one->standard, span_of(record->what));

	return found < 0 ? NULL : &one->standard.criteria[found];
}

/* Some record that answers a criterion; NULL when a few tries find none. */
static struct record *pick_result(struct invented *one)
{
	for (int tries = 0; tries < 30 && one->facts.count > 0; tries++) {
		struct record *record = &one->facts.at[dice_below(&one->dice, one->facts.count)];

		if (criterion_of(one, record) &&
		    (record->says == SAYS_ANSWER || record->says == SAYS_VALUE))
			return record;
	}
	return NULL;
}

static void expect_no_fall(struct invented *one, uint32_t seed, unsigned falls)
{
	SCOPED_RATED(after);
	const char *what;

	facts_rate(&one->facts, &one->request, &after);
	what = what_falls(&one->before, &after, falls);
	if (what)
		fail_msg("seed %u: %s fell", seed, what);
}

static void a_better_answer_lowers_nothing(void **state)
{
	int changed = 0;

	(void)state;
	for (uint32_t seed = 0; seed < CASES; seed++) {
		SCOPED_INVENTED(one);
		struct record *record;

		invent(seed, &one);
		record = pick_result(&one);
		if (!record || !result_improve(&one.dice, criterion_of(&one, record), record))
			continue;
		expect_no_fall(&one, seed, FALL_POINTS | FALL_LOWS | FALL_GRADES | FALL_UNCAPPED);
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
		const struct criterion *criterion;

		invent(seed, &one);
		record = pick_result(&one);
		if (!record || record->strength == STRENGTH_E4)
			continue;
		criterion = criterion_of(&one, record);
		result_best(criterion, record);
		rated_release(&one.before);
		facts_rate(&one.facts, &one.request, &one.before);
		record->strength = (enum strength)dice_between(&one.dice, record->strength + 1u,
							       STRENGTH_E4);
		expect_no_fall(&one, seed, FALL_POINTS | FALL_LOWS | FALL_GRADES | FALL_UNCAPPED);
		changed++;
	}
	assert_true(changed >= CASES_ENOUGH);
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

		invent(seed, &one);
		if (one.before.rating.unit_count == 0)
			continue;
		unit = &one.before.rating.units[dice_below(&one.dice, one.before.rating.unit_count)];
		i = dice_below(&one.dice, one.standard.criterion_count);
		if (unit->settlements[i].state != STATE_UNSETTLED &&
		    unit->settlements[i].state != STATE_STALE)
			continue;
		record = invent_result(&one.dice, &one.standard.criteria[i], "p", &one.facts);
		record->subject = unit->subject;
		record->source.name = "the truth";
		record->strength = STRENGTH_E4;
		record->observed = RATING_DAY;
		record->expires = DATE_NONE;
		record->announced = false;
		result_best(&one.standard.criteria[i], record);
		expect_no_fall(&one, seed, FALL_POINTS | FALL_LOWS | FALL_GRADES | FALL_UNCAPPED |
						   FALL_COVERAGE);
		changed++;
	}
	assert_true(changed >= CASES_ENOUGH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_better_answer_lowers_nothing),
		cmocka_unit_test(a_stronger_source_of_the_best_answer_lowers_nothing),
		cmocka_unit_test(settling_an_unknown_as_pass_lowers_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
