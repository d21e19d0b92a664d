#include "rating/rule.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_units(struct scene *scene, const char *const *names, uint32_t count)
{
	const struct rating *rating = scene_rate(scene);

	assert_int_equal(rating->unit_count, count);
	for (uint32_t i = 0; i < count; i++)
		assert_string_equal(rating->units[i].name, names[i]);
}

static void what_nothing_refines_is_a_unit(void **state)
{
	static const char *const subjects[] = { "p", "p/b", "p/a", "p/a/east", "p/a/*/h100", "q" };
	static const char *const names[] = { "p/a/*/h100", "p/a/east", "p/b", "q" };
	SCOPED_SCENE(scene);

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		facts_remark(&scene.facts, subjects[i]);
	facts_remark(&scene.facts, "p/b"); /* once more */
	expect_units(&scene, names, 4);
}

static void a_place_inside_a_unit_makes_none(void **state)
{
	static const char *const names[] = { "p/a" };
	SCOPED_SCENE(scene);

	(void)state;
	facts_remark(&scene.facts, "p/a/*/*/c1");
	facts_remark(&scene.facts, "p/a/*/*/c2/n1/d1");
	expect_units(&scene, names, 1);
}

static void what_is_announced_or_to_come_makes_no_unit(void **state)
{
	static const char *const names[] = { "p/a", "p/b" };
	SCOPED_SCENE(scene);
	struct record *record;

	(void)state;
	facts_remark(&scene.facts, "p/a");
	record = facts_remark(&scene.facts, "p/b");
	record->announced = true;
	record->due = RATING_DAY + 9;
	facts_remark(&scene.facts, "q")->observed = RATING_DAY + 1;
	expect_units(&scene, names, 1);
	scene.request.arrived_by = RATING_DAY + 9;
	expect_units(&scene, names, 2);
}

static void a_unit_has_the_records_of_what_it_is_part_of(void **state)
{
	SCOPED_SCENE(scene);
	const struct unit *unit;

	(void)state;
	facts_remark(&scene.facts, "p");
	facts_remark(&scene.facts, "p/a");
	facts_remark(&scene.facts, "p/b");
	facts_remark(&scene.facts, "p/a/*/*/c1");
	facts_remark(&scene.facts, "p/*/east");
	unit = rating_find_unit(scene_rate(&scene), "p/a");
	assert_int_equal(unit->record_count, 3);
	assert_string_equal(unit->records[0]->id, "r0000");
	assert_string_equal(unit->records[1]->id, "r0001");
	assert_string_equal(unit->records[2]->id, "r0003");
	assert_null(rating_find_unit(scene_rate(&scene), "p"));
}

static void no_evidence_is_an_empty_rating(void **state)
{
	SCOPED_SCENE(scene);
	const struct rating *rating;

	(void)state;
	scene.request.draws = 1000;
	rating = scene_rate(&scene);
	assert_int_equal(rating->unit_count, 0);
	assert_int_equal(rating->provider_count, 0);
	assert_true(rating->market_coverage < 0.0);
	facts_remark(&scene.facts, "p");
	scene.request.only = "q";
	assert_int_equal(scene_rate(&scene)->provider_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_nothing_refines_is_a_unit),
		cmocka_unit_test(a_place_inside_a_unit_makes_none),
		cmocka_unit_test(what_is_announced_or_to_come_makes_no_unit),
		cmocka_unit_test(a_unit_has_the_records_of_what_it_is_part_of),
		cmocka_unit_test(no_evidence_is_an_empty_rating),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
