#include "rating/rule.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct expected {
	uint32_t criterion, lacking, unknown, good;
};

static void expect_gaps(struct scene *scene, const struct expected *expected)
{
	struct gap *gaps;
	uint32_t count;

	gaps_of(scene_rate(scene), &scene->arena, &gaps, &count);
	assert_int_equal(count, PLAIN_CRITERIA);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(gaps[i].criterion, expected[i].criterion);
		assert_int_equal(gaps[i].lacking, expected[i].lacking);
		assert_int_equal(gaps[i].unknown, expected[i].unknown);
		assert_int_equal(gaps[i].good, expected[i].good);
	}
}

/* Of the whole, care.checks weighs 3 · 4/8, each other of its category 3 · 2/8, speed.bandwidth
 * 1 · 3/5 and each other 1/5. */
static void what_is_known_to_be_lacking_comes_first_then_what_weighs_more(void **state)
{
	static const struct expected expected[] = {
		{ CLAIMS, 2, 1, 0 }, { SPARES, 1, 0, 1 }, { BANDWIDTH, 1, 1, 1 },
		{ CHECKS, 0, 1, 2 }, { ALERTS, 0, 3, 0 }, { START, 0, 3, 0 },
	};
	SCOPED_SCENE(scene);

	(void)state;
	facts_answer(&scene.facts, "a", "care.checks", "some");
	facts_answer(&scene.facts, "b", "care.checks", "full");
	facts_answer(&scene.facts, "c", "care.checks", "none")->observed = RATING_DAY - 101;
	facts_answer(&scene.facts, "a", "care.spares", "yes");
	facts_withheld(&scene.facts, "b", "care.spares");
	facts_not_applicable(&scene.facts, "c", "care.spares");
	facts_value(&scene.facts, "a", "speed.bandwidth", 198, "GB/s"); /* 99 of 200 */
	facts_value(&scene.facts, "b", "speed.bandwidth", 200, "GB/s"); /* half counts as good */
	facts_answer(&scene.facts, "a", "speed.claims", "false");
	facts_answer(&scene.facts, "b", "speed.claims", "false");
	facts_answer(&scene.facts, "b", "speed.claims", "true"); /* in conflict: the lowest */
	expect_gaps(&scene, expected);
}

static void a_criterion_of_no_provider_is_there_too(void **state)
{
	static const struct expected expected[] = {
		{ CHECKS, 0, 0, 0 },    { ALERTS, 0, 0, 0 }, { SPARES, 0, 0, 0 },
		{ BANDWIDTH, 0, 0, 0 }, { CLAIMS, 0, 0, 0 }, { START, 0, 0, 0 },
	};
	SCOPED_SCENE(scene);

	(void)state;
	expect_gaps(&scene, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known_to_be_lacking_comes_first_then_what_weighs_more),
		cmocka_unit_test(a_criterion_of_no_provider_is_there_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
