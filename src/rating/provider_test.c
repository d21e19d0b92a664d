#include "rating/rule.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Of six criteria only speed.bandwidth applies: a unit's overall score is what that is worth. */
static void leave_one(struct scene *scene)
{
	scene->request.profile = 0;
	for (uint32_t i = 0; i < PLAIN_CRITERIA; i++)
		scene->standard.criteria[i].profiles = i == BANDWIDTH ? 3 : 2;
}

/* A unit whose overall score is this many hundredths, in every draw. */
static struct record *rate_at(struct scene *scene, const char *subject, int hundredths)
{
	struct record *record =
		facts_value(&scene->facts, subject, "speed.bandwidth", 4 * hundredths, "GB/s");

	record->strength = STRENGTH_E4;
	return record;
}

static struct record *tell_share(struct scene *scene, const char *subject, const char *answer)
{
	struct record *record = facts_answer(&scene->facts, subject, "share", answer);

	record->source.name = "survey";
	return record;
}

static void expect_chosen(struct scene *scene, const char *unit)
{
	const struct rating *rating = scene_rate(scene);

	assert_int_equal(rating->provider_count, 1);
	assert_string_equal(provider_unit(&rating->providers[0])->name, unit);
	assert_int_equal(provider_grade(&rating->providers[0]),
			 rating_find_unit(rating, unit)->grade);
}

static void the_lower_median_stands_for_a_provider(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "p/e", 90);
	expect_chosen(&scene, "p/e");
	assert_string_equal(scene_rate(&scene)->providers[0].chosen_why, "its only unit");
	rate_at(&scene, "p/d", 10);
	expect_chosen(&scene, "p/d");
	rate_at(&scene, "p/c", 50);
	expect_chosen(&scene, "p/c");
	rate_at(&scene, "p/b", 70);
	expect_chosen(&scene, "p/c");
	rate_at(&scene, "p/a", 72);
	expect_chosen(&scene, "p/b");
	assert_string_equal(scene_rate(&scene)->providers[0].chosen_why,
			    "the lower median of its units");
}

static void equal_units_are_ordered_by_name(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "p/b", 50);
	rate_at(&scene, "p/a", 50);
	expect_chosen(&scene, "p/a");
	rate_at(&scene, "p/c", 50);
	expect_chosen(&scene, "p/b");
}

static void the_grade_counts_before_the_score_and_being_rated_before_both(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "p/a", 50);
	rate_at(&scene, "p/b", 90)->strength = STRENGTH_E0;
	for (unsigned g = GRADE_BRONZE; g < GRADE_COUNT; g++) {
		scene.standard.bars[g].strength = STRENGTH_E1;
		scene.standard.bars[g].strength_permille = 500;
	}
	expect_chosen(&scene, "p/b"); /* UnderPerform though it scores more */
	facts_remark(&scene.facts, "p/c");
	expect_chosen(&scene, "p/b");
	facts_remark(&scene.facts, "p/d");
	expect_chosen(&scene, "p/d"); /* two of four are not rated */
	assert_int_equal(scene_rate(&scene)->providers[0].rank, 0);
}

static void the_unit_of_the_majority_stands_for_a_provider(void **state)
{
	SCOPED_SCENE(scene);
	const struct rating *rating;

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "p/a", 90);
	rate_at(&scene, "p/b", 50);
	rate_at(&scene, "p/c", 10);
	tell_share(&scene, "p/a", "majority");
	tell_share(&scene, "p/b", "minority");
	expect_chosen(&scene, "p/a");
	rating = scene_rate(&scene);
	assert_true(rating->providers[0].majority);
	assert_string_equal(rating->providers[0].chosen_why, "most customers use it");
	/* Another one that says so too: it is not known which. */
	tell_share(&scene, "p/c", "majority")->source.name = "digest";
	expect_chosen(&scene, "p/b");
	assert_false(scene_rate(&scene)->providers[0].majority);
}

static void a_majority_of_several_units_is_none(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "p/a/east", 90);
	rate_at(&scene, "p/a/west", 80);
	rate_at(&scene, "p/b", 10);
	tell_share(&scene, "p/a", "majority");
	expect_chosen(&scene, "p/a/west");
	tell_share(&scene, "p/a/east/*/c1", "majority"); /* a cluster is of its unit */
	expect_chosen(&scene, "p/a/west");
	facts_remove(&scene.facts, 3);
	expect_chosen(&scene, "p/a/east");
}

static void a_later_share_of_the_same_source_takes_the_earlier_back(void **state)
{
	SCOPED_SCENE(scene);
	struct record *later;

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "p/a", 90);
	rate_at(&scene, "p/b", 50);
	tell_share(&scene, "p/a", "majority");
	later = tell_share(&scene, "p/a", "minority");
	expect_chosen(&scene, "p/a"); /* of the same day: both count */
	later->observed++;
	expect_chosen(&scene, "p/b");
	later->source.name = "digest";
	expect_chosen(&scene, "p/a");
	later->source.name = "survey";
	later->observed = RATING_DAY + 1;
	expect_chosen(&scene, "p/a");
	later->observed = RATING_DAY;
	later->announced = true;
	expect_chosen(&scene, "p/a");
}

static void expect_ranks(const struct rating *rating, const char *const *names,
			 const uint32_t *ranks)
{
	for (uint32_t i = 0; i < rating->provider_count; i++) {
		assert_string_equal(rating->providers[i].name, names[i]);
		assert_int_equal(rating->providers[i].rank, ranks[i]);
		assert_int_equal(rating->providers[i].rank_low, ranks[i]);
		assert_int_equal(rating->providers[i].rank_high, ranks[i]);
	}
}

static void equal_providers_share_the_better_rank(void **state)
{
	static const char *const names[] = { "e", "b", "d", "a", "c", "f" };
	static const uint32_t ranks[] = { 1, 2, 2, 4, 0, 0 };
	SCOPED_SCENE(scene);
	const struct rating *rating;

	(void)state;
	leave_one(&scene);
	scene.request.draws = 600;
	rate_at(&scene, "a", 10);
	rate_at(&scene, "b/x", 50);
	facts_remark(&scene.facts, "c");
	rate_at(&scene, "d/y", 50);
	rate_at(&scene, "e", 90);
	facts_remark(&scene.facts, "f");
	rating = scene_rate(&scene);
	assert_int_equal(rating->provider_count, 6);
	expect_ranks(rating, names, ranks); /* sure of it in every draw */
	assert_null(rating_find(rating, "g"));
	assert_ptr_equal(rating_find(rating, "d"), &rating->providers[2]);
}

static void the_grade_ranks_before_the_score(void **state)
{
	static const char *const names[] = { "a", "b" };
	static const uint32_t ranks[] = { 1, 2 };
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "a", 50);
	rate_at(&scene, "b", 90)->strength = STRENGTH_E0;
	scene.standard.bars[GRADE_SILVER].strength_permille = 500;
	scene.standard.bars[GRADE_SILVER].strength = STRENGTH_E1;
	scene.standard.bars[GRADE_GOLD] = scene.standard.bars[GRADE_SILVER];
	scene.standard.bars[GRADE_PLATINUM] = scene.standard.bars[GRADE_SILVER];
	expect_ranks(scene_rate(&scene), names, ranks);
}

/* Of one unit that is Gold and one that is not settled, each draw takes the lower. */
static void in_a_draw_too_the_lower_median_stands_for_a_provider(void **state)
{
	SCOPED_SCENE(scene);
	const struct rating *rating;
	const double *provider, *unit;

	(void)state;
	leave_one(&scene);
	scene.request.draws = 1000;
	rate_at(&scene, "p/a", 60);
	rate_at(&scene, "p/b", 65)->strength = STRENGTH_E0;
	rating = scene_rate(&scene);
	provider = rating->providers[0].probability;
	unit = rating_find_unit(rating, "p/b")->probability;
	assert_true(unit[GRADE_PLATINUM] > 0.0 && unit[GRADE_BRONZE] > 0.0);
	for (unsigned g = GRADE_UNDERPERFORM; g < GRADE_GOLD; g++)
		assert_memory_equal(&provider[g], &unit[g], sizeof(double));
	assert_true(provider[GRADE_PLATINUM] <= 0.0);
	tell_share(&scene, "p/b", "majority");
	rating = scene_rate(&scene);
	unit = rating_find_unit(rating, "p/b")->probability;
	assert_memory_equal(rating->providers[0].probability, unit, sizeof(double[GRADE_COUNT]));
}

static void the_market_is_covered_by_known_volumes(void **state)
{
	SCOPED_SCENE(scene);
	const struct rating *rating;

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "a", 50);
	facts_remark(&scene.facts, "b");
	rate_at(&scene, "c", 50);
	assert_true(scene_rate(&scene)->market_coverage < 0.0);
	facts_value(&scene.facts, "a/x", "volume", 2000, "GPUs");
	facts_value(&scene.facts, "a", "volume", 3000, "GPUs");
	facts_value(&scene.facts, "a", "volume", 9000, "GPUs")->observed = RATING_DAY + 1;
	facts_value(&scene.facts, "b", "volume", 1000, "GPUs");
	rating = scene_rate(&scene);
	assert_int_equal((int)rating_find(rating, "a")->gpu_volume, 3000); /* the largest known */
	assert_true(rating_find(rating, "c")->gpu_volume <= 0.0);
	assert_int_equal((int)(rating->market_coverage * 100), 75);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lower_median_stands_for_a_provider),
		cmocka_unit_test(equal_units_are_ordered_by_name),
		cmocka_unit_test(the_grade_counts_before_the_score_and_being_rated_before_both),
		cmocka_unit_test(the_unit_of_the_majority_stands_for_a_provider),
		cmocka_unit_test(a_majority_of_several_units_is_none),
		cmocka_unit_test(a_later_share_of_the_same_source_takes_the_earlier_back),
		cmocka_unit_test(equal_providers_share_the_better_rank),
		cmocka_unit_test(the_grade_ranks_before_the_score),
		cmocka_unit_test(in_a_draw_too_the_lower_median_stands_for_a_provider),
		cmocka_unit_test(the_market_is_covered_by_known_volumes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
