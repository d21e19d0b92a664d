#include "rating/rule.h"
#include "test/cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_shortfall(const struct shortfall *is, enum shortfall_kind kind, uint32_t index,
			     double has, double needs)
{
	assert_int_equal(is->kind, kind);
	assert_int_equal(is->index, index);
	assert_true(is->has > has - 1e-9 && is->has < has + 1e-9);
	assert_true(is->needs > needs - 1e-9 && is->needs < needs + 1e-9);
}

static void gates_come_before_all_and_then_the_largest_gap(void **state)
{
	SCOPED_SCENE(scene);
	struct grade_bar *gold = &scene.standard.bars[GRADE_GOLD];
	const struct unit *unit;
	struct shortfall *items;
	uint32_t count;

	(void)state;
	facts_answer(&scene.facts, "p/a", "care.checks", "some");
	facts_answer(&scene.facts, "p/a", "care.alerts", "no");
	facts_withheld(&scene.facts, "p/a", "care.spares");
	gold->category_permille[SPEED] = 900;
	gold->category_permille[CARE] = 200;
	gold->coverage_permille = 600;
	gold->strength = STRENGTH_E2;
	gold->strength_permille = 100;
	plain_gate(&scene.standard, CHECKS, 150, GRADE_SILVER, SILENCE_OPEN);
	plain_gate(&scene.standard, SPARES, 100, GRADE_BRONZE, SILENCE_OPEN);
	plain_gate(&scene.standard, BANDWIDTH, 100, GRADE_SILVER, SILENCE_CAPS);
	plain_gate(&scene.standard, ALERTS, 100, GRADE_GOLD, SILENCE_OPEN); /* caps at the grade */
	unit = scene_unit(&scene);
	shortfalls_to(&scene.standard, unit, GRADE_GOLD, &scene.arena, &items, &count);
	assert_int_equal(count, 7);
	expect_shortfall(&items[0], SHORT_GATE, 0, 0.5, 0.75);
	expect_shortfall(&items[1], SHORT_GATE, 1, 0.0, 0.5);
	expect_shortfall(&items[2], SHORT_GATE, 2, 0.0, 0.5);
	expect_shortfall(&items[3], SHORT_CATEGORY, SPEED, 0.25, 0.9);
	expect_shortfall(&items[4], SHORT_OVERALL, 0, (3 * 0.25 + 0.25) / 4, 0.6);
	expect_shortfall(&items[5], SHORT_STRENGTH, 0, 0.0, 0.1);
	expect_shortfall(&items[6], SHORT_COVERAGE, 0, 0.5625, 0.6);
}

static void expect_shortfalls_above(const struct standard *standard, const struct unit *unit)
{
	for (int g = GRADE_BRONZE; g < GRADE_COUNT; g++) {
		SCOPED_ARENA(arena);
		struct shortfall *items;
		uint32_t count;

		shortfalls_to(standard, unit, (enum grade)g, &arena, &items, &count);
		assert_int_equal(count > 0, g > (int)unit->grade);
	}
}

static void a_unit_falls_short_of_exactly_the_grades_above_its_own(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < CASES; seed++) {
		SCOPED_INVENTED(one);

		invented_make(seed, 0, &one);
		for (uint32_t u = 0; u < one.before.rating.unit_count; u++)
			if (one.before.rating.units[u].rated)
				expect_shortfalls_above(&one.standard, &one.before.rating.units[u]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gates_come_before_all_and_then_the_largest_gap),
		cmocka_unit_test(a_unit_falls_short_of_exactly_the_grades_above_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
