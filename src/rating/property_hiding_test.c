#include "rating/rule.h"
#include "test/cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* docs/rating.md, section 9: hiding a bad result never beats showing it. */

enum {
	EVERYTHING = FALL_POINTS | FALL_LOWS | FALL_GRADES | FALL_UNCAPPED | FALL_COVERAGE |
		     FALL_CHANCES,
	DRAWS = 1000,
};

static void expect_no_rise(struct invented *one, unsigned falls)
{
	const char *what = invented_rises(one, falls);

	if (what)
		fail_msg("%s", what);
}

static bool is_of_category(const struct invented *one, const struct record *record,
			   const struct criterion *criterion)
{
	const char *category = one->standard.categories[criterion->category].id;
	size_t length = strlen(category);

	return strncmp(record->what, category, length) == 0 &&
	       strcmp(record->what + length, ".*") == 0;
}

static bool is_checked(const struct criterion *criterion)
{
	return criterion->ways[0].way == SETTLED_BY_CHECK;
}

/* Whether the record may answer the criterion: about it, or read by its check. */
static bool bears_on(const struct record *record, const struct criterion *criterion)
{
	return strcmp(record->what, criterion->id) == 0 ||
	       (is_checked(criterion) && strncmp(record->what, "claim.", 6) == 0);
}

/* Removes what could answer in the place of the result `which` once it is hidden: other words of
 * its source and what the criterion's check reads, or with `all` everything that bears on the
 * criterion or asks for its category. Returns where the result is now. */
static int32_t leave_alone(struct invented *one, int32_t which, bool all)
{
	const struct record result = one->facts.at[which];
	const struct criterion *criterion = invented_criterion(one, &result);

	for (uint32_t i = one->facts.count; i-- > 0;) {
		const struct record *other = &one->facts.at[i];
		bool own = strcmp(other->source.name, result.source.name) == 0 &&
			   other->says != SAYS_WITHHELD;
		bool read = strcmp(other->what, result.what) != 0;

		if ((int32_t)i == which)
			continue;
		if ((bears_on(other, criterion) && (own || read || all)) ||
		    (all && is_of_category(one, other, criterion))) {
			facts_remove(&one->facts, i);
			which -= (int32_t)i < which;
		}
	}
	return which;
}

static void withholding_is_never_better_than_showing(void **state)
{
	int changed = 0;

	(void)state;
	for (uint32_t seed = 0; seed < CASES; seed++) {
		SCOPED_INVENTED(one);
		struct record *record;
		int32_t i;

		invented_make(seed, DRAWS, &one);
		i = invented_result(&one);
		if (i < 0)
			continue;
		record = &one.facts.at[leave_alone(&one, i, false)];
		invented_settle(&one);
		record->says = SAYS_WITHHELD;
		record->text = "not for you";
		record->unit = NULL;
		expect_no_rise(&one, EVERYTHING);
		changed++;
	}
	assert_true(changed >= CASES_ENOUGH);
}

/* Adds that the result's source asked for everything in its category, of the same subject or of
 * a wider one, with evidence at least as strong. */
static void ask_for_category(struct invented *one, const struct record *result)
{
	const struct criterion *criterion = invented_criterion(one, result);
	struct record *asked =
		facts_withheld(&one->facts, "p",
			       arena_format(&one->arena, "%s.*",
					    one->standard.categories[criterion->category].id));

	asked->subject = result->subject;
	asked->source.name = result->source.name;
	asked->strength = result->strength;
	asked->observed = RATING_DAY - (date_t)dice_below(&one->dice, 100);
	if (dice_chance(&one->dice, 20))
		asked->strength =
			(enum strength)dice_between(&one->dice, result->strength, STRENGTH_E4);
	for (unsigned part = SUBJECT_PRODUCT; part < SUBJECT_PART_COUNT; part++)
		if (dice_chance(&one->dice, 40))
			asked->subject.parts[part] = NULL;
}

static void leaving_a_result_out_of_an_audit_gains_nothing(void **state)
{
	int changed = 0;

	(void)state;
	for (uint32_t seed = 0; seed < CASES; seed++) {
		SCOPED_INVENTED(one);
		int32_t i;

		invented_make(seed, DRAWS, &one);
		i = invented_result(&one);
		if (i < 0)
			continue;
		i = leave_alone(&one, i, false);
		ask_for_category(&one, &one.facts.at[i]);
		invented_settle(&one);
		facts_remove(&one.facts, (uint32_t)i);
		expect_no_rise(&one, EVERYTHING);
		changed++;
	}
	assert_true(changed >= CASES_ENOUGH);
}

static bool is_shut(enum gate_state state)
{
	return state == GATE_FAILED || state == GATE_SILENT;
}

/* No requirement that held its cap lets go of it. */
static void expect_caps_stay(const struct invented *one)
{
	SCOPED_RATED(after);

	facts_rate(&one->facts, &one->request, &after);
	for (uint32_t u = 0; u < one->before.rating.unit_count; u++) {
		const struct unit *was = &one->before.rating.units[u];
		const struct unit *is = rating_find_unit(&after.rating, was->name);

		for (uint32_t g = 0; is && g < one->standard.gate_count; g++)
			if (one->standard.gates[g].silence == SILENCE_CAPS &&
			    is_shut(was->gates[g]))
				assert_true(is_shut(is->gates[g]));
	}
}

static void leaving_out_what_nobody_asked_raises_no_low_end_no_coverage_no_cap(void **state)
{
	int changed = 0;

	(void)state;
	for (uint32_t seed = 0; seed < CASES; seed++) {
		SCOPED_INVENTED(one);
		int32_t i;

		invented_make(seed, 0, &one);
		i = invented_result(&one);
		if (i < 0)
			continue;
		i = leave_alone(&one, i, true);
		invented_settle(&one);
		facts_remove(&one.facts, (uint32_t)i);
		expect_no_rise(&one, FALL_LOWS | FALL_COVERAGE);
		expect_caps_stay(&one);
		changed++;
	}
	assert_true(changed >= CASES_ENOUGH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(withholding_is_never_better_than_showing),
		cmocka_unit_test(leaving_a_result_out_of_an_audit_gains_nothing),
		cmocka_unit_test(
			leaving_out_what_nobody_asked_raises_no_low_end_no_coverage_no_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
