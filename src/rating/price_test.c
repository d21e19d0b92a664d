#include "rating/price.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Only speed.bandwidth applies: 4 GB/s are a hundredth of the overall score; bars lie at 20, 40, 60
 * and 80. */
static void leave_one(struct scene *scene)
{
	scene->request.profile = 0;
	for (uint32_t i = 0; i < PLAIN_CRITERIA; i++)
		scene->standard.criteria[i].profiles = i == BANDWIDTH ? 3 : 2;
}

static void grade(struct scene *scene, const char *provider, int hundredths)
{
	(void)facts_value(&scene->facts, provider, "speed.bandwidth", 4 * hundredths, "GB/s");
}

static struct record *price(struct scene *scene, const char *subject, double usd)
{
	struct record *record =
		facts_value(&scene->facts, subject, "price.on-demand", usd, "USD/GPU-hour");

	record->kind = KIND_PRICE;
	return record;
}

static struct price_list list_of(struct scene *scene)
{
	struct price_list list;

	prices_of(scene_rate(scene), scene->request.listed, &scene->arena, &list);
	return list;
}

static void whoever_is_better_and_no_dearer_dominates(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	grade(&scene, "gold", 70);
	grade(&scene, "silver", 50);
	grade(&scene, "cheap", 30);
	(void)price(&scene, "gold/*/*/h100", 2.5);
	(void)price(&scene, "silver/*/*/h100", 2.5);
	(void)price(&scene, "cheap/*/*/h100", 2.0);

	struct price_list list = list_of(&scene);
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].provider->name, "cheap");
	assert_null(list.items[0].dominated_by);
	assert_string_equal(list.items[1].provider->name, "gold");
	assert_null(list.items[1].dominated_by);
	assert_string_equal(list.items[2].provider->name, "silver");
	assert_ptr_equal(list.items[2].dominated_by, &list.items[1]);
}

static void equals_do_not_dominate_each_other(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	grade(&scene, "a", 70);
	grade(&scene, "b", 70);
	(void)price(&scene, "a/*/*/h100", 2.5);
	(void)price(&scene, "b/*/*/h100", 2.5);

	struct price_list list = list_of(&scene);
	assert_int_equal(list.count, 2);
	assert_null(list.items[0].dominated_by);
	assert_null(list.items[1].dominated_by);
}

static void kinds_are_never_mixed(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	grade(&scene, "a", 70);
	grade(&scene, "b", 30);
	(void)price(&scene, "a/*/*/a100", 1);
	(void)price(&scene, "b/*/*/h100", 2);
	price(&scene, "a/*/*/h100", 1)->what = "price.spot";

	struct price_list list = list_of(&scene);
	assert_int_equal(list.count, 3);
	for (uint32_t i = 0; i < list.count; i++)
		assert_null(list.items[i].dominated_by);
}

static void unrated_neither_dominates_nor_is_dominated(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	grade(&scene, "rated", 30);
	(void)facts_remark(&scene.facts, "unknown");
	(void)price(&scene, "rated/*/*/h100", 2);
	(void)price(&scene, "unknown/*/*/h100", 1);
	for (unsigned i = 0; i < GRADE_COUNT; i++)
		scene.standard.bars[i].coverage_permille = 500;

	struct price_list list = list_of(&scene);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].provider->name, "unknown");
	assert_false(provider_unit(list.items[0].provider)->rated);
	assert_null(list.items[0].dominated_by);
	assert_null(list.items[1].dominated_by);
}

static void the_newest_counts_and_of_one_day_the_cheapest(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	grade(&scene, "a", 70);
	price(&scene, "a/*/*/h100", 1)->observed = RATING_DAY - 40;
	(void)price(&scene, "a/x/*/h100", 3);
	(void)price(&scene, "a/y/*/h100", 2);
	price(&scene, "a/*/*/h100", 0.5)->observed = RATING_DAY + 1;

	struct price_list list = list_of(&scene);
	assert_int_equal(list.count, 1);
	assert_true(list.items[0].usd > 1.99 && list.items[0].usd < 2.01);
}

static void an_old_price_is_none(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	grade(&scene, "a", 70);
	price(&scene, "a/*/*/h100", 1)->observed = RATING_DAY - PRICE_AGE_MAXIMUM_DAYS - 1;
	price(&scene, "a/*/*/a100", 1)->expires = RATING_DAY - 1;
	assert_int_equal(list_of(&scene).count, 0);
}

static void a_price_makes_no_unit(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	grade(&scene, "a", 70);
	(void)price(&scene, "a/product/region/h100", 2);

	const struct rating *rating = scene_rate(&scene);
	assert_int_equal(rating->unit_count, 1);
	assert_string_equal(rating->units[0].name, "a");
}

/* A list beside the evidence has a day of its own, and what it says rates nobody. */
static void a_listed_price_stands_beside_the_grade_and_enters_nothing(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	grade(&scene, "a", 70);
	grade(&scene, "b", 30);
	(void)price(&scene, "a/*/*/h100", 4);
	const uint32_t known = scene.facts.count;
	struct record later[] = { *price(&scene, "a/*/*/h100", 2),
				  *price(&scene, "b/*/*/h100", 3) };

	while (scene.facts.count > known)
		facts_remove(&scene.facts, scene.facts.count - 1);
	for (unsigned i = 0; i < 2; i++)
		later[i].observed = RATING_DAY + 20;

	struct price_list list = list_of(&scene);
	uint8_t hash[RECORD_HASH_BYTES];
	assert_int_equal(list.count, 1);
	assert_false(list.items[0].is_listed);
	memcpy(hash, scene.rated.rating.hash, sizeof(hash));

	const struct listed_prices listed = { later, 2, RATING_DAY + 20 };
	scene.request.listed = &listed;
	list = list_of(&scene);
	assert_int_equal(list.count, 2);
	assert_true(list.items[0].is_listed && list.items[0].usd < 2.5);
	assert_string_equal(list.items[0].provider->name, "a");
	assert_ptr_equal(list.items[1].dominated_by, &list.items[0]);
	assert_memory_equal(hash, scene.rated.rating.hash, sizeof(hash));

	const struct listed_prices early = { later, 2, RATING_DAY };
	scene.request.listed = &early;
	assert_int_equal(list_of(&scene).count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_is_better_and_no_dearer_dominates),
		cmocka_unit_test(equals_do_not_dominate_each_other),
		cmocka_unit_test(kinds_are_never_mixed),
		cmocka_unit_test(unrated_neither_dominates_nor_is_dominated),
		cmocka_unit_test(the_newest_counts_and_of_one_day_the_cheapest),
		cmocka_unit_test(an_old_price_is_none),
		cmocka_unit_test(a_price_makes_no_unit),
		cmocka_unit_test(a_listed_price_stands_beside_the_grade_and_enters_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
