#include "rating/rule.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What was asked and not shown: docs/evidence.md, "Which record settles a criterion". */

static void what_is_withheld_counts_as_the_worst(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_withheld(&scene.facts, "p/a", "care.checks");
	scene_expect(&scene, CHECKS, STATE_WITHHELD, 0);
	scene_expect_range(&scene, CHECKS, 0, 200);
	assert_string_equal(scene_settlement(&scene, CHECKS)->reason, "asked and not shown");
}

static void what_a_source_asked_and_was_not_shown_outweighs_the_answers_of_others(void **state)
{
	SCOPED_SCENE(scene);
	struct record *asked, *shown;

	(void)state;
	facts_answer(&scene.facts, "p/a", "care.spares", "yes");
	asked = facts_withheld(&scene.facts, "p", "care.spares");
	scene_expect(&scene, SPARES, STATE_WITHHELD, 0);
	assert_int_equal(scene_settlement(&scene, SPARES)->record_count, 1);
	/* Its own answer, of whichever subject, is what it was shown. */
	shown = facts_answer(&scene.facts, "p/a", "care.spares", "yes");
	shown->source.name = asked->source.name;
	scene_expect(&scene, SPARES, STATE_SETTLED, 200);
	shown->strength = STRENGTH_E0;
	scene_expect(&scene, SPARES, STATE_WITHHELD, 0);
	shown->strength = STRENGTH_E1;
	shown->says = SAYS_NOT_APPLICABLE;
	scene_expect(&scene, SPARES, STATE_SETTLED, 200);
	facts_withheld(&scene.facts, "p/a", "care.spares");
	scene_expect(&scene, SPARES, STATE_WITHHELD, 0);
}

static void a_category_withheld_withholds_what_its_source_does_not_answer(void **state)
{
	SCOPED_SCENE(scene);
	struct record *asked, *shown;

	(void)state;
	asked = facts_withheld(&scene.facts, "p", "care.*");
	shown = facts_answer(&scene.facts, "p/a", "care.checks", "some");
	shown->source.name = asked->source.name;
	scene_expect(&scene, CHECKS, STATE_SETTLED, 100);
	scene_expect(&scene, ALERTS, STATE_WITHHELD, 0);
	scene_expect(&scene, SPARES, STATE_WITHHELD, 0);
	scene_expect(&scene, BANDWIDTH, STATE_UNSETTLED, 50);
	asked->strength = STRENGTH_E2;
	scene_expect(&scene, CHECKS, STATE_WITHHELD, 0);
	scene.standard.criteria[CHECKS].strength = STRENGTH_E3;
	scene_expect(&scene, CHECKS, STATE_UNSETTLED, 50);
}

static void a_question_is_about_the_day_it_was_asked(void **state)
{
	SCOPED_SCENE(scene);
	struct record *asked, *shown;

	(void)state;
	asked = facts_withheld(&scene.facts, "p/a", "care.*");
	shown = facts_answer(&scene.facts, "p/a", "care.checks", "some");
	shown->source.name = asked->source.name;
	shown->observed = asked->observed + 1; /* shown later on */
	scene_expect(&scene, CHECKS, STATE_SETTLED, 100);
	shown->observed = asked->observed - 1; /* asked again, and not shown */
	scene_expect(&scene, CHECKS, STATE_WITHHELD, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_withheld_counts_as_the_worst),
		cmocka_unit_test(
			what_a_source_asked_and_was_not_shown_outweighs_the_answers_of_others),
		cmocka_unit_test(a_category_withheld_withholds_what_its_source_does_not_answer),
		cmocka_unit_test(a_question_is_about_the_day_it_was_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
