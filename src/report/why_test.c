#include "report/brief.h"
#include "report/phrase.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A rating of what a test says about "x", and its explanation. */
struct told {
	struct arena arena;
	struct standard standard;
	struct facts facts;
	struct rated rated;
	struct explanation explanation;
};

static void told_release(struct told *told)
{
	rated_release(&told->rated);
	arena_release(&told->arena);
}

#define SCOPED_TOLD(name) struct told name __attribute__((cleanup(told_release))) = { 0 }

static void begin(struct told *told)
{
	told->standard = plain_standard(&told->arena);
	told->facts = facts_new(&told->arena);
}

static void explain(struct told *told)
{
	const struct rating_request request = plain_request(&told->standard);
	const struct provider *provider;

	facts_rate(&told->facts, &request, &told->rated);
	provider = rating_find(&told->rated.rating, "x");
	assert_non_null(provider);
	explanation_make(&told->rated.rating, provider, &told->arena, &told->explanation);
}

static void expect_said(const char *text, const char *piece)
{
	if (!strstr(text, piece))
		fail_msg("'%s' does not say '%s'", text, piece);
}

static void answer_all(struct told *told, const char *checks)
{
	(void)facts_answer(&told->facts, "x", "care.checks", checks);
	(void)facts_answer(&told->facts, "x", "care.alerts", "yes");
	(void)facts_answer(&told->facts, "x", "care.spares", "yes");
	(void)facts_value(&told->facts, "x", "speed.bandwidth", 400, "GB/s");
	(void)facts_answer(&told->facts, "x", "speed.claims", "true");
	(void)facts_value(&told->facts, "x", "speed.start", 10, "s");
}

static void the_best_grade_leaves_nothing_to_do(void **state)
{
	SCOPED_TOLD(told);

	(void)state;
	begin(&told);
	answer_all(&told, "full");
	explain(&told);
	assert_true(told.explanation.at_top);
	assert_int_equal(told.explanation.weak_count, 0);
	expect_said(why_text(&told.explanation, &told.arena), "all that Platinum asks for is met");
	expect_said(next_text(&told.explanation, &told.arena), "nothing is unknown");
}

static void what_is_only_presumed_is_no_weakness(void **state)
{
	SCOPED_TOLD(told);

	(void)state;
	begin(&told);
	told.standard.bars[GRADE_PLATINUM].overall_from = 0;
	told.standard.bars[GRADE_PLATINUM].overall_to = 0;
	(void)facts_answer(&told.facts, "x", "care.checks", "some");
	explain(&told);
	assert_true(told.explanation.at_top);
	expect_said(why_text(&told.explanation, &told.arena), "weakest in care (");
}

static void what_is_short_and_what_would_help_is_named(void **state)
{
	SCOPED_TOLD(told);

	(void)state;
	begin(&told);
	(void)facts_answer(&told.facts, "x", "care.checks", "none");
	(void)facts_answer(&told.facts, "x", "care.spares", "yes");
	explain(&told);
	assert_false(told.explanation.at_top);
	expect_said(why_text(&told.explanation, &told.arena), "short of ");
	expect_said(why_text(&told.explanation, &told.arena), "score ");
	expect_said(next_text(&told.explanation, &told.arena), "raise care.checks to full");
	assert_int_equal(told.explanation.weak[0], CHECKS);
	assert_int_equal(told.explanation.strong[0], SPARES);
}

static void a_cap_is_told_with_the_grade_without(void **state)
{
	SCOPED_TOLD(told);

	(void)state;
	begin(&told);
	plain_gate(&told.standard, CHECKS, 150, GRADE_SILVER, SILENCE_OPEN);
	told.standard.gates[0].title = "No checks";
	answer_all(&told, "some");
	explain(&told);
	assert_int_equal(told.explanation.unit->grade, GRADE_SILVER);
	expect_said(why_text(&told.explanation, &told.arena), "capped at Silver: no checks (");
	expect_said(next_text(&told.explanation, &told.arena), "raise care.checks to full");
}

static void what_silence_caps_is_to_be_shown(void **state)
{
	SCOPED_TOLD(told);

	(void)state;
	begin(&told);
	plain_gate(&told.standard, SPARES, 150, GRADE_BRONZE, SILENCE_CAPS);
	(void)facts_answer(&told.facts, "x", "care.checks", "full");
	(void)facts_value(&told.facts, "x", "speed.bandwidth", 400, "GB/s");
	explain(&told);
	assert_int_equal(told.explanation.unit->gates[0], GATE_SILENT);
	expect_said(next_text(&told.explanation, &told.arena), "show care.spares (yes)");
}

static void announcements_that_raise_the_grade_are_dated(void **state)
{
	SCOPED_TOLD(told);
	struct record *record;

	(void)state;
	begin(&told);
	(void)facts_answer(&told.facts, "x", "care.checks", "none");
	record = facts_answer(&told.facts, "x", "care.checks", "full");
	record->announced = true;
	record->due = RATING_DAY + 10;
	explain(&told);
	assert_int_equal(told.explanation.outlook_count, 1);
	expect_said(announced_text(&told.explanation, &told.arena),
		    "if what is announced for 2024-10-14 arrives");
	expect_said(explanation_line(&told.explanation, &told.arena), "2024-10-14");
}

static void without_announcements_nothing_is_said(void **state)
{
	SCOPED_TOLD(told);

	(void)state;
	begin(&told);
	(void)facts_answer(&told.facts, "x", "care.checks", "none");
	explain(&told);
	assert_int_equal(told.explanation.outlook_count, 0);
	assert_string_equal(announced_text(&told.explanation, &told.arena), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_grade_leaves_nothing_to_do),
		cmocka_unit_test(what_is_only_presumed_is_no_weakness),
		cmocka_unit_test(what_is_short_and_what_would_help_is_named),
		cmocka_unit_test(a_cap_is_told_with_the_grade_without),
		cmocka_unit_test(what_silence_caps_is_to_be_shown),
		cmocka_unit_test(announcements_that_raise_the_grade_are_dated),
		cmocka_unit_test(without_announcements_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
