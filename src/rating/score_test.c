#include "rating/rule.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_near(double is, double expected)
{
	if (is < expected - 1e-12 || is > expected + 1e-12)
		fail_msg("%.17g is not %.17g", is, expected);
}

static void expect_grade(const struct unit *unit, enum grade grade)
{
	assert_string_equal(grade_names[unit->grade], grade_names[grade]);
}

/* care.checks 100 (E1), care.alerts follows it, care.spares 200 (E2), speed.bandwidth 125 (E0),
 * speed.claims and speed.start unsettled at 50. */
static void tell_some(struct scene *scene)
{
	facts_answer(&scene->facts, "p/a", "care.checks", "some");
	facts_answer(&scene->facts, "p/a", "care.spares", "yes")->strength = STRENGTH_E2;
	facts_value(&scene->facts, "p/a", "speed.bandwidth", 250, "GB/s")->strength = STRENGTH_E0;
}

static void scores_are_weighted_means(void **state)
{
	SCOPED_SCENE(scene);
	const struct unit *unit;

	(void)state;
	tell_some(&scene);
	unit = scene_unit(&scene);
	expect_near(unit->categories[CARE].point, 1000 / 1600.0);
	expect_near(unit->categories[CARE].low, 800 / 1600.0);
	expect_near(unit->categories[CARE].high, 1200 / 1600.0);
	expect_near(unit->categories[CARE].coverage, 6 / 8.0);
	assert_int_equal(unit->categories[CARE].weight_sum, 8);
	expect_near(unit->categories[SPEED].point, 475 / 1000.0);
	expect_near(unit->categories[SPEED].low, 375 / 1000.0);
	expect_near(unit->categories[SPEED].high, 775 / 1000.0);
	expect_near(unit->overall, 0.5875);
	expect_near(unit->low, 0.46875);
	expect_near(unit->high, 0.75625);
	expect_near(unit->coverage, 0.7125);
	expect_near(unit->depth, 0.9); /* care.alerts is known by its headline */
	expect_near(unit->strength_share[STRENGTH_E0], 0.7125);
	expect_near(unit->strength_share[STRENGTH_E1], 0.5625);
	expect_near(unit->strength_share[STRENGTH_E2], 0.1875);
	expect_near(unit->strength_share[STRENGTH_E3], 0.0);
	expect_grade(unit, GRADE_SILVER);
}

static void what_does_not_apply_leaves_the_sums(void **state)
{
	SCOPED_SCENE(scene);
	const struct unit *unit;

	(void)state;
	tell_some(&scene);
	scene.facts.at[1].says = SAYS_NOT_APPLICABLE;
	scene.request.profile = 0;
	unit = scene_unit(&scene);
	expect_near(unit->categories[CARE].point, 600 / 1200.0);
	expect_near(unit->categories[SPEED].point, 425 / 800.0);
	expect_near(unit->overall, (3 * 0.5 + 0.53125) / 4);
	expect_near(unit->coverage, (3 * 4 / 6.0 + 3 / 4.0) / 4);
}

static void a_category_without_criteria_leaves_the_overall_score(void **state)
{
	SCOPED_SCENE(scene);
	const struct unit *unit;

	(void)state;
	tell_some(&scene);
	scene.request.profile = 0;
	for (uint32_t i = BANDWIDTH; i <= START; i++)
		scene.standard.criteria[i].profiles = 2;
	for (unsigned g = GRADE_BRONZE; g < GRADE_COUNT; g++)
		scene.standard.bars[g].category_permille[SPEED] = 1000;
	unit = scene_unit(&scene);
	assert_false(unit->categories[SPEED].applies);
	expect_near(unit->overall, 0.625);
	expect_near(unit->depth, 1.0);
	expect_grade(unit, GRADE_GOLD); /* its threshold binds nobody */
}

static void what_is_withheld_is_known_but_not_covered(void **state)
{
	SCOPED_SCENE(scene);
	const struct unit *unit;

	(void)state;
	tell_some(&scene);
	scene.facts.at[0].says = SAYS_WITHHELD;
	unit = scene_unit(&scene);
	expect_near(unit->categories[CARE].point, 400 / 1600.0);
	expect_near(unit->categories[CARE].high, 1.0);
	expect_near(unit->coverage, (3 * 2 / 8.0 + 3 / 5.0) / 4);
	expect_near(unit->depth, 0.9);
}

/* Only speed.bandwidth is left, and is worth this much. */
static void leave_one(struct scene *scene, int worth)
{
	scene->request.profile = 0;
	for (uint32_t i = 0; i < PLAIN_CRITERIA; i++)
		scene->standard.criteria[i].profiles = i == BANDWIDTH ? 3 : 2;
	facts_value(&scene->facts, "p/a", "speed.bandwidth", 2 * worth, "GB/s");
}

static void a_threshold_holds_when_it_is_met_exactly(void **state)
{
	static const struct {
		int worth;
		enum grade grade;
	} cases[] = {
		{ 39, GRADE_UNDERPERFORM }, { 40, GRADE_BRONZE },    { 79, GRADE_BRONZE },
		{ 80, GRADE_SILVER },       { 119, GRADE_SILVER },   { 120, GRADE_GOLD },
		{ 159, GRADE_GOLD },        { 160, GRADE_PLATINUM }, { 200, GRADE_PLATINUM },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		leave_one(&scene, cases[i].worth);
		expect_grade(scene_unit(&scene), cases[i].grade);
		/* The same as the threshold of a category. */
		for (unsigned g = GRADE_BRONZE; g < GRADE_COUNT; g++) {
			struct grade_bar *bar = &scene.standard.bars[g];

			bar->category_permille[SPEED] = bar->overall_to;
			bar->overall_from = bar->overall_to = 0;
		}
		expect_grade(scene_unit(&scene), cases[i].grade);
	}
}

static void every_threshold_can_cost_the_grade(void **state)
{
	SCOPED_SCENE(scene);
	struct grade_bar *silver = &scene.standard.bars[GRADE_SILVER];

	(void)state;
	tell_some(&scene);
	silver->coverage_permille = 712;
	silver->strength = STRENGTH_E1;
	silver->strength_permille = 562;
	silver->category_permille[SPEED] = 475;
	expect_grade(scene_unit(&scene), GRADE_SILVER);
	silver->coverage_permille = 713;
	expect_grade(scene_unit(&scene), GRADE_BRONZE);
	silver->coverage_permille = 712;
	silver->strength_permille = 563;
	expect_grade(scene_unit(&scene), GRADE_BRONZE);
	silver->strength_permille = 562;
	silver->category_permille[SPEED] = 476;
	expect_grade(scene_unit(&scene), GRADE_BRONZE);
}

static void the_overall_threshold_rises_with_what_is_known(void **state)
{
	SCOPED_SCENE(scene);
	struct grade_bar *gold = &scene.standard.bars[GRADE_GOLD];

	(void)state;
	gold->overall_from = 200;
	gold->overall_to = 600;
	expect_near(grade_overall(gold, 0.0), 0.2);
	expect_near(grade_overall(gold, 0.5), 0.4);
	expect_near(grade_overall(gold, 1.0), 0.6);
	tell_some(&scene); /* 0.5875 at a depth of 0.9 */
	expect_grade(scene_unit(&scene), GRADE_GOLD);
	gold->overall_to = 630; /* 0.2 + 0.43 · 0.9 = 0.587 */
	expect_grade(scene_unit(&scene), GRADE_GOLD);
	gold->overall_to = 631; /* 0.5879 */
	expect_grade(scene_unit(&scene), GRADE_SILVER);
}

/* care.checks has a gate below "some"; without it the unit is Gold or better. */
static void guard(struct scene *scene, enum gate_silence silence)
{
	plain_gate(&scene->standard, CHECKS, 100, GRADE_BRONZE, silence);
	facts_answer(&scene->facts, "p/a", "care.alerts", "yes");
	facts_answer(&scene->facts, "p/a", "care.spares", "yes");
	facts_value(&scene->facts, "p/a", "speed.bandwidth", 400, "GB/s");
	facts_answer(&scene->facts, "p/a", "speed.claims", "true");
	facts_value(&scene->facts, "p/a", "speed.start", 10, "s");
}

static void expect_gate(struct scene *scene, enum gate_state gate)
{
	const struct unit *unit = scene_unit(scene);
	bool shut = gate == GATE_FAILED || gate == GATE_SILENT;

	assert_string_equal(gate_state_names[unit->gates[0]], gate_state_names[gate]);
	assert_true(unit->uncapped >= GRADE_GOLD);
	expect_grade(unit, shut ? GRADE_BRONZE : unit->uncapped);
}

static void each_state_of_a_gate(void **state)
{
	(void)state;
	for (int caps = 0; caps < 2; caps++) {
		enum gate_silence silence = caps ? SILENCE_CAPS : SILENCE_OPEN;
		enum gate_state silent = caps ? GATE_SILENT : GATE_OPEN;
		SCOPED_SCENE(scene);
		struct record *record;

		guard(&scene, silence);
		expect_gate(&scene, silent);
		record = facts_answer(&scene.facts, "p/a", "care.checks", "some");
		expect_gate(&scene, GATE_PASSED); /* exactly at the bar */
		record->text = "none";
		expect_gate(&scene, GATE_FAILED);
		record->observed = RATING_DAY - 101;
		expect_gate(&scene, silent);
		record->observed = RATING_DAY;
		facts_answer(&scene.facts, "p/a", "care.checks", "full");
		expect_gate(&scene, GATE_FAILED); /* in conflict: the lowest */
		facts_remove(&scene.facts, scene.facts.count - 1);
		record->says = SAYS_WITHHELD;
		expect_gate(&scene, GATE_FAILED);
		record->says = SAYS_NOT_APPLICABLE;
		expect_gate(&scene, GATE_AWAY);
		scene.standard.criteria[CHECKS].profiles = 2;
		scene.request.profile = 0;
		expect_gate(&scene, GATE_AWAY);
	}
}

static void a_cap_lowers_and_never_raises(void **state)
{
	SCOPED_SCENE(scene);
	const struct unit *unit;

	(void)state;
	tell_some(&scene);
	plain_gate(&scene.standard, CHECKS, 200, GRADE_GOLD, SILENCE_OPEN);
	unit = scene_unit(&scene);
	assert_int_equal(unit->gates[0], GATE_FAILED);
	expect_grade(unit, GRADE_SILVER);
	plain_gate(&scene.standard, BANDWIDTH, 200, GRADE_UNDERPERFORM, SILENCE_OPEN);
	plain_gate(&scene.standard, CLAIMS, 200, GRADE_BRONZE, SILENCE_CAPS);
	unit = scene_unit(&scene);
	expect_grade(unit, GRADE_UNDERPERFORM); /* the lowest of the caps */
	assert_int_equal(unit->uncapped, GRADE_SILVER);
	assert_true(unit->rated);
}

static void too_little_known_is_no_grade(void **state)
{
	SCOPED_SCENE(scene);
	struct grade_bar *bronze = &scene.standard.bars[GRADE_BRONZE];

	(void)state;
	facts_remark(&scene.facts, "p/a");
	assert_false(scene_unit(&scene)->rated); /* even when Bronze demands no coverage */
	tell_some(&scene);
	assert_true(scene_unit(&scene)->rated);
	bronze->coverage_permille = 712;
	assert_true(scene_unit(&scene)->rated);
	bronze->coverage_permille = 713;
	assert_false(scene_unit(&scene)->rated);
	expect_grade(scene_unit(&scene), GRADE_UNDERPERFORM);
	assert_int_equal(scene_unit(&scene)->uncapped, GRADE_UNDERPERFORM);
}

static void a_failed_gate_is_known_enough_and_a_silent_one_is_not(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_withheld(&scene.facts, "p/a", "care.checks");
	assert_false(scene_unit(&scene)->rated);
	plain_gate(&scene.standard, BANDWIDTH, 100, GRADE_UNDERPERFORM, SILENCE_CAPS);
	assert_false(scene_unit(&scene)->rated);
	plain_gate(&scene.standard, CHECKS, 100, GRADE_UNDERPERFORM, SILENCE_OPEN);
	assert_true(scene_unit(&scene)->rated);
	expect_grade(scene_unit(&scene), GRADE_UNDERPERFORM);
}

static void leverage_is_what_one_step_of_worth_brings(void **state)
{
	SCOPED_SCENE(scene);
	const struct unit *unit;

	(void)state;
	tell_some(&scene);
	unit = scene_unit(&scene);
	expect_near(criterion_leverage(&scene.standard, unit, CHECKS), 100 * 0.75 * 4 / 1600);
	expect_near(criterion_leverage(&scene.standard, unit, START), 100 * 0.25 * 1 / 1000);
	scene.request.profile = 0;
	unit = scene_unit(&scene);
	expect_near(criterion_leverage(&scene.standard, unit, START), 0.0);
	expect_near(criterion_leverage(&scene.standard, unit, CLAIMS), 100 * 0.25 * 1 / 800);
}

static void what_stands_beside_quality_makes_no_rating(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_value(&scene.facts, "p", "speed.bandwidth", 400, "GB/s");
	assert_true(scene_unit(&scene)->rated);
	scene.standard.categories[SPEED].beside = true;
	assert_false(scene_unit(&scene)->rated);
	assert_true(scene_unit(&scene)->coverage > 0);

	facts_answer(&scene.facts, "p", "care.checks", "some");
	assert_true(scene_unit(&scene)->rated);
	expect_near(scene_unit(&scene)->quality_coverage, 3 * 4 / 8.0 / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scores_are_weighted_means),
		cmocka_unit_test(what_does_not_apply_leaves_the_sums),
		cmocka_unit_test(a_category_without_criteria_leaves_the_overall_score),
		cmocka_unit_test(what_is_withheld_is_known_but_not_covered),
		cmocka_unit_test(a_threshold_holds_when_it_is_met_exactly),
		cmocka_unit_test(every_threshold_can_cost_the_grade),
		cmocka_unit_test(the_overall_threshold_rises_with_what_is_known),
		cmocka_unit_test(each_state_of_a_gate),
		cmocka_unit_test(a_cap_lowers_and_never_raises),
		cmocka_unit_test(too_little_known_is_no_grade),
		cmocka_unit_test(a_failed_gate_is_known_enough_and_a_silent_one_is_not),
		cmocka_unit_test(leverage_is_what_one_step_of_worth_brings),
		cmocka_unit_test(what_stands_beside_quality_makes_no_rating),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
