#include "rating/rule.h"
#include "test/invent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Every criterion settled at its worst; the test changes what it is about. */
static void tell_worst(struct scene *scene)
{
	facts_answer(&scene->facts, "p/a", "care.checks", "none");
	facts_answer(&scene->facts, "p/a", "care.alerts", "no");
	facts_answer(&scene->facts, "p/a", "care.spares", "no");
	facts_value(&scene->facts, "p/a", "speed.bandwidth", 0, "GB/s");
	facts_answer(&scene->facts, "p/a", "speed.claims", "false");
	facts_value(&scene->facts, "p/a", "speed.start", 60, "s");
}

static struct path find(struct scene *scene, enum grade target)
{
	struct path path;

	path_to(&scene->standard, scene_unit(scene), target, &scene->arena, &path);
	return path;
}

static void expect_step(const struct path *path, uint32_t i, uint32_t criterion, double gain,
			bool shows)
{
	assert_true(i < path->step_count);
	assert_int_equal(path->steps[i].criterion, criterion);
	assert_true(path->steps[i].gain > gain - 1e-9 && path->steps[i].gain < gain + 1e-9);
	assert_int_equal(path->steps[i].shows, shows);
}

static bool has(const struct path *path, uint32_t criterion)
{
	for (uint32_t i = 0; i < path->step_count; i++)
		if (path->steps[i].criterion == criterion)
			return true;
	return false;
}

static void a_grade_that_is_held_needs_no_step(void **state)
{
	SCOPED_SCENE(scene);
	struct path path;

	(void)state;
	tell_worst(&scene);
	path = find(&scene, GRADE_UNDERPERFORM);
	assert_true(path.reachable && path.exact);
	assert_int_equal(path.step_count, 0);
	facts_remove(&scene.facts, 0);
	facts_answer(&scene.facts, "p/a", "care.checks", "full"); /* 37.5 points */
	assert_int_equal(find(&scene, GRADE_BRONZE).step_count, 0);
}

/* care.checks 37.5 points for 3, care.alerts and care.spares 18.75 for 1 and 2, speed.bandwidth 15
 * for 5, speed.claims and speed.start 5 for 2 and 1. */
static void the_cheapest_steps_are_found_and_the_best_for_their_effort_come_first(void **state)
{
	SCOPED_SCENE(scene);
	struct path path;

	(void)state;
	tell_worst(&scene);
	path = find(&scene, GRADE_BRONZE); /* 20 points: alerts and start, 23.75 for 2 */
	assert_int_equal(path.effort, 2);
	assert_int_equal(path.step_count, 2);
	expect_step(&path, 0, ALERTS, 18.75, false);
	expect_step(&path, 1, START, 5.0, false);
	path = find(&scene, GRADE_PLATINUM); /* all but bandwidth and, of equals, the dearer */
	assert_int_equal(path.effort, 7);
	assert_int_equal(path.step_count, 4);
	expect_step(&path, 0, ALERTS, 18.75, false);
	expect_step(&path, 1, CHECKS, 37.5, false);
	expect_step(&path, 2, SPARES, 18.75, false);
	expect_step(&path, 3, START, 5.0, false);
	assert_true(path.exact);
}

static void a_detail_follows_its_headline(void **state)
{
	SCOPED_SCENE(scene);
	struct path path;

	(void)state;
	tell_worst(&scene);
	facts_remove(&scene.facts, 1); /* care.alerts, presumed like care.checks */
	path = find(&scene, GRADE_SILVER);
	assert_int_equal(path.step_count, 1);
	expect_step(&path, 0, CHECKS, 56.25, false);
	assert_true(path.exact);
}

static void what_is_not_known_may_be_so_already(void **state)
{
	SCOPED_SCENE(scene);
	struct path path;

	(void)state;
	tell_worst(&scene);
	facts_remove(&scene.facts, 2); /* care.spares, presumed at a quarter */
	path = find(&scene, GRADE_BRONZE);
	assert_int_equal(path.step_count, 1);
	expect_step(&path, 0, ALERTS, 18.75, false);
	path = find(&scene, GRADE_SILVER); /* 4.6875 + 37.5 */
	assert_int_equal(path.step_count, 1);
	expect_step(&path, 0, CHECKS, 37.5, false);
	path = find(&scene, GRADE_GOLD);
	expect_step(&path, 0, ALERTS, 18.75, false);
	expect_step(&path, 1, CHECKS, 37.5, false);
	path = find(&scene, GRADE_PLATINUM);
	expect_step(&path, 2, SPARES, 14.0625, true);
}

static void gates_are_forced_though_they_gain_little(void **state)
{
	SCOPED_SCENE(scene);
	struct path path;

	(void)state;
	tell_worst(&scene);
	plain_gate(&scene.standard, BANDWIDTH, 100, GRADE_UNDERPERFORM, SILENCE_OPEN);
	plain_gate(&scene.standard, CLAIMS, 100, GRADE_BRONZE, SILENCE_OPEN);
	path = find(&scene, GRADE_BRONZE);
	assert_int_equal(path.step_count, 2);
	expect_step(&path, 0, ALERTS, 18.75, false); /* as start would, it costs 1; it gains more */
	expect_step(&path, 1, BANDWIDTH, 15.0, false);
	path = find(&scene, GRADE_SILVER);
	assert_true(has(&path, BANDWIDTH) && has(&path, CLAIMS));
	scene.facts.at[4].observed = RATING_DAY - 101; /* nothing settles speed.claims now */
	path = find(&scene, GRADE_SILVER);
	assert_false(has(&path, CLAIMS));
	scene.standard.gates[1].silence = SILENCE_CAPS;
	path = find(&scene, GRADE_SILVER);
	assert_true(has(&path, CLAIMS));
}

static void a_category_below_its_threshold_is_not_called_proven(void **state)
{
	SCOPED_SCENE(scene);
	struct path path;

	(void)state;
	tell_worst(&scene);
	for (unsigned g = GRADE_BRONZE; g < GRADE_COUNT; g++)
		scene.standard.bars[g].category_permille[SPEED] = 700;
	path = find(&scene, GRADE_BRONZE);
	assert_true(path.reachable);
	assert_false(path.exact);
	assert_int_equal(path.step_count, 2);
	expect_step(&path, 0, START, 5.0, false);
	expect_step(&path, 1, BANDWIDTH, 15.0, false);
}

static void coverage_is_completed_by_what_nothing_settles(void **state)
{
	SCOPED_SCENE(scene);
	struct path path;

	(void)state;
	tell_worst(&scene);
	result_best(&scene.standard.criteria[CHECKS], &scene.facts.at[0]);
	scene.facts.at[3].observed = RATING_DAY - 101; /* 3/5 of a quarter is not covered */
	for (unsigned g = GRADE_BRONZE; g < GRADE_COUNT; g++)
		scene.standard.bars[g].coverage_permille = 900;
	path = find(&scene, GRADE_BRONZE);
	assert_true(path.reachable);
	assert_false(path.exact);
	assert_int_equal(path.step_count, 1);
	expect_step(&path, 0, BANDWIDTH, 11.25, true);
}

static void strength_is_completed_by_what_is_settled_too_weakly(void **state)
{
	SCOPED_SCENE(scene);
	struct path path;

	(void)state;
	tell_worst(&scene);
	for (uint32_t i = 0; i < scene.facts.count; i++)
		scene.facts.at[i].strength = STRENGTH_E0;
	for (unsigned g = GRADE_BRONZE; g < GRADE_COUNT; g++) {
		scene.standard.bars[g].strength = STRENGTH_E2;
		scene.standard.bars[g].strength_permille = 600;
	}
	path = find(&scene, GRADE_BRONZE); /* scores alone ask for alerts and start */
	assert_true(path.reachable);
	assert_false(path.exact);
	assert_int_equal(path.step_count, 3);
	expect_step(&path, 0, ALERTS, 18.75, false);
	expect_step(&path, 1, CHECKS, 37.5, false);
	expect_step(&path, 2, START, 5.0, false);
}

static void what_no_step_reaches_is_unreachable(void **state)
{
	SCOPED_SCENE(scene);
	struct path path;

	(void)state;
	tell_worst(&scene);
	for (uint32_t i = 0; i < scene.facts.count; i++) {
		const struct criterion *criterion = &scene.standard.criteria[i];

		scene.facts.at[i].strength = STRENGTH_E0;
		if (i != START)
			result_best(criterion, &scene.facts.at[i]);
	}
	/* All but one are at their best: no step makes their evidence stronger. */
	scene.standard.bars[GRADE_PLATINUM].strength = STRENGTH_E1;
	scene.standard.bars[GRADE_PLATINUM].strength_permille = 500;
	path = find(&scene, GRADE_PLATINUM);
	assert_false(path.reachable);
	assert_false(path.exact);
	assert_int_equal(path.step_count, 0);
	assert_true(find(&scene, GRADE_GOLD).reachable);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_grade_that_is_held_needs_no_step),
		cmocka_unit_test(
			the_cheapest_steps_are_found_and_the_best_for_their_effort_come_first),
		cmocka_unit_test(a_detail_follows_its_headline),
		cmocka_unit_test(what_is_not_known_may_be_so_already),
		cmocka_unit_test(gates_are_forced_though_they_gain_little),
		cmocka_unit_test(a_category_below_its_threshold_is_not_called_proven),
		cmocka_unit_test(coverage_is_completed_by_what_nothing_settles),
		cmocka_unit_test(strength_is_completed_by_what_is_settled_too_weakly),
		cmocka_unit_test(what_no_step_reaches_is_unreachable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
