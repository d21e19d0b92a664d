#include "rating/rule.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void silence_is_the_presumption_and_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_remark(&scene.facts, "p/a");
	for (uint32_t i = 0; i < PLAIN_CRITERIA; i++) {
		scene_expect(&scene, i, STATE_UNSETTLED, 50);
		scene_expect_range(&scene, i, 0, 200);
		assert_int_equal(scene_settlement(&scene, i)->observed, DATE_NONE);
		assert_int_equal(scene_settlement(&scene, i)->record_count, 0);
	}
}

static void an_answer_settles_at_its_worth(void **state)
{
	SCOPED_SCENE(scene);
	const struct settlement *settlement;

	(void)state;
	facts_answer(&scene.facts, "p/a", "care.checks", "some")->strength = STRENGTH_E3;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 100);
	scene_expect_range(&scene, CHECKS, 100, 100);
	settlement = scene_settlement(&scene, CHECKS);
	assert_int_equal(settlement->strength, STRENGTH_E3);
	assert_int_equal(settlement->observed, RATING_DAY - 10);
	assert_int_equal(settlement->record_count, 1);
	assert_string_equal(settlement->records[0]->id, "r0000");
	assert_null(settlement->check);
}

static void a_value_is_worth_its_place_on_the_line_rounded_half_up(void **state)
{
	static const struct {
		double value;
		int worth;
	} cases[] = {
		{ 0, 0 },     { 50, 25 },    { 100, 50 },  { 101, 51 }, /* 50.5 */
		{ 102, 51 },  { 250, 125 },  { 399, 200 },              /* 199.5 */
		{ 400, 200 }, { 9000, 200 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		facts_value(&scene.facts, "p/a", "speed.bandwidth", cases[i].value, "GB/s");
		scene_expect(&scene, BANDWIDTH, STATE_SETTLED, cases[i].worth);
	}
}

static void equal_sources_that_differ_are_in_conflict_at_the_lowest(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_answer(&scene.facts, "p/a", "care.checks", "full");
	facts_answer(&scene.facts, "p/a", "care.checks", "full");
	scene_expect(&scene, CHECKS, STATE_SETTLED, 200);
	facts_answer(&scene.facts, "p/a", "care.checks", "some");
	scene_expect(&scene, CHECKS, STATE_CONFLICT, 100);
	scene_expect_range(&scene, CHECKS, 100, 200);
	assert_int_equal(scene_settlement(&scene, CHECKS)->record_count, 3);
}

static void what_does_not_apply_says_why(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_not_applicable(&scene.facts, "p/a", "care.spares");
	scene_expect(&scene, SPARES, STATE_NOT_APPLICABLE, 0);
	assert_string_equal(scene_settlement(&scene, SPARES)->reason, "it does not concern it");
}

static void a_criterion_of_another_profile_is_out(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_value(&scene.facts, "p/a", "speed.start", 10, "s");
	scene_expect(&scene, START, STATE_SETTLED, 200);
	scene.request.profile = 1;
	scene_expect(&scene, START, STATE_SETTLED, 200);
	scene.request.profile = 0;
	scene_expect(&scene, START, STATE_OUT_OF_PROFILE, 0);
	scene_expect(&scene, BANDWIDTH, STATE_UNSETTLED, 50);
}

static void evidence_lasts_to_its_last_day(void **state)
{
	static const struct {
		date_t observed, expires; /* days from the day of the rating */
		enum state state;
	} cases[] = {
		{ 0, DATE_NONE, STATE_SETTLED },
		{ 1, DATE_NONE, STATE_UNSETTLED }, /* of a day to come */
		{ -100, DATE_NONE, STATE_SETTLED },
		{ -101, DATE_NONE, STATE_STALE },
		{ -101, 0, STATE_SETTLED },
		{ -5000, 0, STATE_SETTLED },
		{ -5, -1, STATE_STALE },
		{ 0, 0, STATE_SETTLED },
		{ 1, 5, STATE_UNSETTLED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);
		struct record *record = facts_answer(&scene.facts, "p/a", "care.checks", "full");

		facts_remark(&scene.facts, "p/a");
		record->observed = RATING_DAY + cases[i].observed;
		if (cases[i].expires != DATE_NONE)
			record->expires = RATING_DAY + cases[i].expires;
		scene_expect(&scene, CHECKS, cases[i].state,
			     cases[i].state == STATE_SETTLED ? 200 : 50);
	}
}

static void a_stale_criterion_names_what_it_rested_on(void **state)
{
	SCOPED_SCENE(scene);
	const struct settlement *settlement;

	(void)state;
	facts_answer(&scene.facts, "p/a", "care.checks", "full")->observed = RATING_DAY - 101;
	settlement = scene_settlement(&scene, CHECKS);
	assert_int_equal(settlement->state, STATE_STALE);
	assert_int_equal(settlement->record_count, 1);
	scene_expect_range(&scene, CHECKS, 0, 200);
}

static void evidence_below_the_minimum_does_not_count(void **state)
{
	SCOPED_SCENE(scene);
	struct record *record = facts_answer(&scene.facts, "p/a", "care.checks", "full");

	(void)state;
	scene.standard.criteria[CHECKS].strength = STRENGTH_E2;
	scene_expect(&scene, CHECKS, STATE_UNSETTLED, 50);
	record->observed = RATING_DAY - 101;
	scene_expect(&scene, CHECKS, STATE_UNSETTLED, 50);
	record->strength = STRENGTH_E2;
	scene_expect(&scene, CHECKS, STATE_STALE, 50);
	record->observed = RATING_DAY;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 200);
}

/* Two records of one source about the same; the test changes one thing. */
static void say_twice(struct scene *scene, struct record **ret_older, struct record **ret_newer)
{
	*ret_older = facts_answer(&scene->facts, "p/a", "care.checks", "full");
	*ret_newer = facts_answer(&scene->facts, "p/a", "care.checks", "some");
	(*ret_older)->observed = RATING_DAY - 20;
	(*ret_older)->source.name = (*ret_newer)->source.name = "digest";
}

static void the_latest_word_of_a_source_counts(void **state)
{
	SCOPED_SCENE(scene);
	struct record *older, *newer;

	(void)state;
	say_twice(&scene, &older, &newer);
	scene_expect(&scene, CHECKS, STATE_SETTLED, 100);
	older->strength = STRENGTH_E4; /* the stronger counts, however old */
	scene_expect(&scene, CHECKS, STATE_SETTLED, 200);
	older->strength = newer->strength;
	newer->says = SAYS_WITHHELD; /* taken back */
	scene_expect(&scene, CHECKS, STATE_WITHHELD, 0);
	facts_remove(&scene.facts, 1); /* what is left out brings the older word back */
	scene_expect(&scene, CHECKS, STATE_SETTLED, 200);
}

static void words_of_one_day_other_sources_and_other_places_stand_together(void **state)
{
	struct record *older, *newer;

	(void)state;
	{
		SCOPED_SCENE(scene);

		say_twice(&scene, &older, &newer);
		older->observed = newer->observed;
		scene_expect(&scene, CHECKS, STATE_CONFLICT, 100);
	}
	{
		SCOPED_SCENE(scene);

		say_twice(&scene, &older, &newer);
		older->source.name = "survey";
		scene_expect(&scene, CHECKS, STATE_CONFLICT, 100);
	}
	{
		SCOPED_SCENE(scene);

		say_twice(&scene, &older, &newer);
		older->subject.parts[SUBJECT_NODE] = "n1";
		scene_expect(&scene, CHECKS, STATE_CONFLICT, 100);
	}
}

static void only_what_counts_takes_the_place_of_an_older_word(void **state)
{
	SCOPED_SCENE(scene);
	struct record *older, *newer;

	(void)state;
	say_twice(&scene, &older, &newer);
	newer->expires = RATING_DAY - 1;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 200);
	newer->expires = DATE_NONE;
	newer->observed = RATING_DAY + 1;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 200);
	newer->observed = RATING_DAY;
	scene.standard.criteria[CHECKS].strength = STRENGTH_E1;
	newer->strength = STRENGTH_E0;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 200);
}

/* The one case in which a stronger source of the best answer costs points: by counting at all it
 * takes the place of an older word of its own that had outweighed a bad one. */
static void a_weaker_word_does_not_take_the_place_of_a_stronger_older_one(void **state)
{
	SCOPED_SCENE(scene);
	struct record *older, *newer;

	(void)state;
	say_twice(&scene, &older, &newer);
	facts_answer(&scene.facts, "p/a", "care.checks", "none");
	scene.standard.criteria[CHECKS].strength = STRENGTH_E1;
	older->strength = STRENGTH_E2;
	newer->text = "full";
	for (int s = STRENGTH_E0; s <= STRENGTH_E2; s++) {
		newer->strength = (enum strength)s;
		scene_expect(&scene, CHECKS, STATE_SETTLED, 200);
	}
}

static void the_strongest_decides(void **state)
{
	SCOPED_SCENE(scene);
	struct record *strong;

	(void)state;
	facts_answer(&scene.facts, "p/a", "care.checks", "full");
	strong = facts_answer(&scene.facts, "p", "care.checks", "none");
	strong->strength = STRENGTH_E2; /* though about the whole provider */
	scene_expect(&scene, CHECKS, STATE_SETTLED, 0);
	strong->says = SAYS_WITHHELD;
	scene_expect(&scene, CHECKS, STATE_WITHHELD, 0);
	strong->strength = STRENGTH_E0;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 200);
}

static void of_equals_an_answer_counts_before_what_does_not_apply(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_not_applicable(&scene.facts, "p/a", "care.spares");
	scene_expect(&scene, SPARES, STATE_NOT_APPLICABLE, 0);
	facts_answer(&scene.facts, "p", "care.spares", "yes");
	scene_expect(&scene, SPARES, STATE_SETTLED, 200);
}

static void of_equals_the_most_specific_decides(void **state)
{
	static const char *const subjects[] = { "p", "p/a", "p/a/east", "p/a/east/h100" };
	SCOPED_SCENE(scene);

	(void)state;
	facts_remark(&scene.facts, "p/a/east/h100");
	for (unsigned i = 0; i < 4; i++) {
		bool full = i % 2 == 0;

		facts_answer(&scene.facts, subjects[i], "care.checks", full ? "full" : "none");
		scene_expect(&scene, CHECKS, STATE_SETTLED, full ? 200 : 0);
	}
	/* A node says where a fact was seen; it makes it no more specific. */
	facts_answer(&scene.facts, "p/a/east/h100/c1/n1", "care.checks", "full");
	scene_expect(&scene, CHECKS, STATE_CONFLICT, 0);
	/* As many parts, if others, are as specific. */
	facts_answer(&scene.facts, "p/a/*/h100", "care.alerts", "yes");
	facts_answer(&scene.facts, "p/a/east", "care.alerts", "no");
	scene_expect(&scene, ALERTS, STATE_CONFLICT, 0);
}

static void a_record_of_another_product_does_not_concern_the_unit(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_remark(&scene.facts, "p/a");
	facts_answer(&scene.facts, "p/b", "care.checks", "full");
	facts_answer(&scene.facts, "q/a", "care.checks", "full");
	scene_expect(&scene, CHECKS, STATE_UNSETTLED, 50);
}

static void a_detail_is_presumed_to_be_like_its_headline(void **state)
{
	SCOPED_SCENE(scene);
	struct record *headline = facts_answer(&scene.facts, "p/a", "care.checks", "full");

	(void)state;
	scene_expect(&scene, ALERTS, STATE_UNSETTLED, 200);
	scene_expect_range(&scene, ALERTS, 0, 200);
	headline->text = "none";
	scene_expect(&scene, ALERTS, STATE_UNSETTLED, 0);
	facts_answer(&scene.facts, "p/a", "care.checks", "some");
	scene_expect(&scene, ALERTS, STATE_UNSETTLED, 0); /* in conflict: the lowest */
	facts_remove(&scene.facts, 1);
	headline->says = SAYS_WITHHELD;
	scene_expect(&scene, ALERTS, STATE_UNSETTLED, 0);
	headline->says = SAYS_NOT_APPLICABLE;
	scene_expect(&scene, ALERTS, STATE_UNSETTLED, 50);
	headline->says = SAYS_ANSWER;
	headline->text = "full";
	headline->observed = RATING_DAY - 101; /* stale: the standard's again */
	scene_expect(&scene, ALERTS, STATE_UNSETTLED, 50);
	headline->observed = RATING_DAY;
	facts_answer(&scene.facts, "p/a", "care.alerts", "no")->observed = RATING_DAY - 101;
	scene_expect(&scene, ALERTS, STATE_STALE, 200);
}

static void what_is_announced_counts_when_it_has_arrived(void **state)
{
	SCOPED_SCENE(scene);
	struct record *announced;

	(void)state;
	facts_answer(&scene.facts, "p/a", "care.checks", "none")->strength = STRENGTH_E4;
	announced = facts_answer(&scene.facts, "p/a", "care.checks", "full");
	announced->announced = true;
	announced->due = RATING_DAY + 30;
	announced->observed = RATING_DAY - 500; /* it does not expire */
	scene_expect(&scene, CHECKS, STATE_SETTLED, 0);
	scene.request.arrived_by = RATING_DAY + 29;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 0);
	scene.request.arrived_by = RATING_DAY + 30;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 200); /* alone, however weak */
	assert_int_equal(scene_settlement(&scene, CHECKS)->record_count, 1);
	announced->due = DATE_NONE;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 0);
	scene.request.undated = true;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 200);
	announced->observed = RATING_DAY + 1; /* not heard of yet */
	scene_expect(&scene, CHECKS, STATE_SETTLED, 0);
	announced->observed = RATING_DAY;
	scene.standard.criteria[CHECKS].strength = STRENGTH_E2;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_is_the_presumption_and_not_a_pass),
		cmocka_unit_test(an_answer_settles_at_its_worth),
		cmocka_unit_test(a_value_is_worth_its_place_on_the_line_rounded_half_up),
		cmocka_unit_test(equal_sources_that_differ_are_in_conflict_at_the_lowest),
		cmocka_unit_test(what_does_not_apply_says_why),
		cmocka_unit_test(a_criterion_of_another_profile_is_out),
		cmocka_unit_test(evidence_lasts_to_its_last_day),
		cmocka_unit_test(a_stale_criterion_names_what_it_rested_on),
		cmocka_unit_test(evidence_below_the_minimum_does_not_count),
		cmocka_unit_test(the_latest_word_of_a_source_counts),
		cmocka_unit_test(words_of_one_day_other_sources_and_other_places_stand_together),
		cmocka_unit_test(only_what_counts_takes_the_place_of_an_older_word),
		cmocka_unit_test(a_weaker_word_does_not_take_the_place_of_a_stronger_older_one),
		cmocka_unit_test(the_strongest_decides),
		cmocka_unit_test(of_equals_an_answer_counts_before_what_does_not_apply),
		cmocka_unit_test(of_equals_the_most_specific_decides),
		cmocka_unit_test(a_record_of_another_product_does_not_concern_the_unit),
		cmocka_unit_test(a_detail_is_presumed_to_be_like_its_headline),
		cmocka_unit_test(what_is_announced_counts_when_it_has_arrived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
