#include "rating/rule.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct expected {
	date_t date; /* days from the day of the rating, or DATE_NONE */
	enum grade grade;
	int hundredths; /* of the overall score */
	uint32_t announced;
};

static void expect_dated(const struct dated_grade *items, uint32_t count,
			 const struct expected *expected, uint32_t expected_count)
{
	assert_int_equal(count, expected_count);
	for (uint32_t i = 0; i < count; i++) {
		date_t date = expected[i].date;

		assert_int_equal(items[i].date, date == DATE_NONE ? date : RATING_DAY + date);
		assert_true(items[i].rated);
		assert_string_equal(grade_names[items[i].grade], grade_names[expected[i].grade]);
		assert_int_equal((int)(items[i].overall * 100 + 0.5), expected[i].hundredths);
		assert_int_equal(items[i].announced, expected[i].announced);
	}
}

/* Of six criteria only speed.bandwidth applies: its hundredths are the overall score's. */
static void leave_one(struct scene *scene)
{
	scene->request.profile = 0;
	for (uint32_t i = 0; i < PLAIN_CRITERIA; i++)
		scene->standard.criteria[i].profiles = i == BANDWIDTH ? 3 : 2;
}

static struct record *rate_at(struct scene *scene, const char *subject, int hundredths)
{
	return facts_value(&scene->facts, subject, "speed.bandwidth", 4 * hundredths, "GB/s");
}

static struct record *announce(struct scene *scene, int hundredths, date_t due)
{
	struct record *record = rate_at(scene, "p/a", hundredths);

	record->announced = true;
	record->due = due == DATE_NONE ? DATE_NONE : RATING_DAY + due;
	return record;
}

static void expect_outlook(struct scene *scene, const struct expected *expected, uint32_t count)
{
	struct dated_grade *items;
	uint32_t found;

	outlook_of(scene_rate(scene), "p", &scene->arena, &items, &found);
	expect_dated(items, found, expected, count);
}

static void each_day_on_which_something_is_due_is_rated(void **state)
{
	static const struct expected expected[] = {
		{ 20, GRADE_SILVER, 50, 1 },
		{ 300, GRADE_BRONZE, 30, 3 }, /* both, in conflict with the first */
		{ DATE_NONE, GRADE_BRONZE, 30, 4 },
	};
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "p/a", 10);
	announce(&scene, 90, DATE_NONE);
	announce(&scene, 30, 300);
	announce(&scene, 50, 20);
	announce(&scene, 60, 300);
	rate_at(&scene, "q/a", 10)->announced = true;       /* of another provider */
	announce(&scene, 90, 5)->observed = RATING_DAY + 1; /* not heard of yet */
	expect_outlook(&scene, expected, 3);
}

static void the_evidence_of_today_does_not_age(void **state)
{
	static const struct expected expected[] = { { 3000, GRADE_PLATINUM, 80, 1 } };
	SCOPED_SCENE(scene);
	struct record *other;

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "p/a", 80)->observed = RATING_DAY - 100;
	other = announce(&scene, 10, 3000);
	other->what = "remark";
	other->says = SAYS_TEXT;
	other->text = "something else comes";
	expect_outlook(&scene, expected, 1);
}

static void the_latest_announcement_of_a_source_counts(void **state)
{
	static const struct expected expected[] = {
		{ 20, GRADE_SILVER, 50, 1 },
		{ 40, GRADE_BRONZE, 30, 2 },
	};
	SCOPED_SCENE(scene);
	struct record *first, *second;

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "p/a", 10);
	first = announce(&scene, 50, 20);
	second = announce(&scene, 30, 40);
	first->observed = RATING_DAY - 50;
	first->source.name = second->source.name = "news";
	expect_outlook(&scene, expected, 2);
}

static void nothing_announced_is_no_outlook(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "p/a", 10);
	expect_outlook(&scene, NULL, 0);
}

static void a_provider_that_is_only_announced_has_an_outlook(void **state)
{
	SCOPED_SCENE(scene);
	struct dated_grade *items;
	uint32_t count;

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "q/a", 10);
	announce(&scene, 90, 20);
	assert_null(rating_find(scene_rate(&scene), "p"));
	outlook_of(scene_rate(&scene), "p", &scene.arena, &items, &count);
	assert_int_equal(count, 1);
	assert_true(items[0].rated);
	assert_int_equal(items[0].grade, GRADE_PLATINUM);
}

static void the_trend_is_what_was_known_of_each_day(void **state)
{
	static const struct expected expected[] = {
		{ -300, GRADE_PLATINUM, 90, 0 },
		{ -200, GRADE_BRONZE, 20, 0 }, /* the first is stale; two remarks, one day */
		{ -50, GRADE_BRONZE, 20, 0 },
		{ 0, GRADE_GOLD, 60, 0 },
	};
	SCOPED_SCENE(scene);
	struct dated_grade *items;
	uint32_t count;

	(void)state;
	leave_one(&scene);
	rate_at(&scene, "p/a", 90)->observed = RATING_DAY - 300;
	rate_at(&scene, "p/a", 20)->observed = RATING_DAY - 200;
	facts_remark(&scene.facts, "p/a")->observed = RATING_DAY - 200;
	scene.facts.at[1].expires = RATING_DAY - 1;
	facts_remark(&scene.facts, "p/a")->observed = RATING_DAY - 50;
	rate_at(&scene, "p/a", 60)->observed = RATING_DAY;
	rate_at(&scene, "p/a", 10)->observed = RATING_DAY + 1;
	rate_at(&scene, "q/a", 10)->observed = RATING_DAY - 77;
	announce(&scene, 10, 20);
	trend_of(scene_rate(&scene), "p", &scene.arena, &items, &count);
	expect_dated(items, count, expected, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_day_on_which_something_is_due_is_rated),
		cmocka_unit_test(the_evidence_of_today_does_not_age),
		cmocka_unit_test(the_latest_announcement_of_a_source_counts),
		cmocka_unit_test(nothing_announced_is_no_outlook),
		cmocka_unit_test(a_provider_that_is_only_announced_has_an_outlook),
		cmocka_unit_test(the_trend_is_what_was_known_of_each_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
