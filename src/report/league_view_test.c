#include "report/league_view.h"
#include "test/facts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Three clouds: "careful" is better at care, "fast" at speed, of "silent" nothing is known. */
struct stage {
	struct scene scene;
	const struct rating *rating;
	struct explanation *explanations;
	struct league_view view;
	struct league_rows rows;
};

static void price(struct stage *stage, const char *subject, double usd)
{
	struct record *record =
		facts_value(&stage->scene.facts, subject, "price.on-demand", usd, "USD/GPU-hour");

	record->kind = KIND_PRICE;
}

static void stage_open(struct stage *stage)
{
	struct facts *facts = &stage->scene.facts;

	scene_open(&stage->scene);
	stage->scene.request.profile = -1;
	(void)facts_answer(facts, "careful/a/oslo/h100", "care.checks", "full");
	(void)facts_value(facts, "careful/a/oslo/h100", "speed.bandwidth", 50, "GB/s");
	(void)facts_answer(facts, "fast/b/paris/b200", "care.checks", "some");
	(void)facts_value(facts, "fast/b/paris/b200", "speed.bandwidth", 400, "GB/s");
	(void)facts_remark(facts, "silent");
	price(stage, "careful/*/*/h100", 3);
	price(stage, "fast/*/*/b200", 5);
	price(stage, "fast/*/*/h100", 2.5);
}

static void look(struct stage *stage)
{
	struct arena *arena = &stage->scene.arena;

	stage->rating = scene_rate(&stage->scene);
	stage->explanations = ARENA_ARRAY(arena, struct explanation, stage->rating->provider_count);
	for (uint32_t i = 0; i < stage->rating->provider_count; i++)
		explanation_make(stage->rating, &stage->rating->providers[i], arena,
				 &stage->explanations[i]);
	league_view_init(&stage->scene.standard, &stage->view);
}

static void set(struct stage *stage, const char *name, const char *value)
{
	struct error err = { 0 };

	if (!league_view_set(&stage->scene.standard, name, value, &stage->view, &err))
		fail_msg("%s=%s: %s", name, value, err.text);
}

/* The names of the providers in the view's order, each followed by a blank. */
static void expect(struct stage *stage, const char *names)
{
	SCOPED_TEXT(found);

	league_rows_of(stage->rating, stage->explanations, &stage->view, &stage->scene.arena,
		       &stage->rows);
	for (uint32_t i = 0; i < stage->rows.count; i++)
		text_format(&found, "%s ", stage->rows.items[i].explanation->provider->name);
	assert_string_equal(text_string(&found), names);
}

static void stage_close(struct stage *stage)
{
	scene_close(&stage->scene);
}

#define SCOPED_STAGE(name) struct stage name __attribute__((cleanup(stage_close))) = { 0 }

static void all_are_shown_by_rank_at_first(void **state)
{
	SCOPED_STAGE(stage);

	(void)state;
	stage_open(&stage);
	look(&stage);
	expect(&stage, "careful fast silent ");
	assert_int_equal(stage.rows.gpu_count, 2);
	assert_string_equal(stage.rows.gpus[0], "b200");
	assert_string_equal(stage.rows.gpus[1], "h100");
	assert_int_equal(stage.rows.region_count, 2);
	assert_string_equal(stage.rows.regions[1], "paris");
	assert_int_equal(stage.rows.rental_count, 1);
	assert_true(stage.rows.items[0].overall == stage.explanations[0].unit->overall);
	assert_null(stage.rows.items[2].price);
}

static void each_field_narrows_or_orders(void **state)
{
	SCOPED_STAGE(stage);

	(void)state;
	stage_open(&stage);
	look(&stage);
	set(&stage, "order", "price");
	expect(&stage, "fast careful silent ");
	set(&stage, "order", "name");
	set(&stage, "gpu", "h100");
	expect(&stage, "careful fast ");
	assert_true(stage.rows.items[1].price->usd == 2.5);
	set(&stage, "region", "paris");
	expect(&stage, "fast ");
	set(&stage, "region", "");
	set(&stage, "price", "2.75");
	expect(&stage, "fast ");
	set(&stage, "price", "");
	set(&stage, "rental", "spot");
	expect(&stage, "");
}

static void weights_change_the_score_and_never_the_grade(void **state)
{
	SCOPED_STAGE(stage);

	(void)state;
	stage_open(&stage);
	look(&stage);
	set(&stage, "order", "score");
	set(&stage, "w.care", "3");
	assert_false(stage.view.is_weighed);
	set(&stage, "w.care", "0");
	assert_true(stage.view.is_weighed);
	expect(&stage, "fast careful silent ");
	assert_int_equal(stage.rows.items[0].place, 1);
	assert_true(stage.rows.items[0].overall ==
		    stage.rows.items[0].explanation->unit->categories[SPEED].point);
	set(&stage, "w.speed", "0");
	league_rows_of(stage.rating, stage.explanations, &stage.view, &stage.scene.arena,
		       &stage.rows);
	assert_true(stage.rows.items[0].overall == 0);
}

static void a_view_comes_back_from_its_query(void **state)
{
	SCOPED_STAGE(stage);
	SCOPED_TEXT(query);

	(void)state;
	stage_open(&stage);
	look(&stage);
	league_view_write(&stage.scene.standard, &stage.view, &query);
	assert_string_equal(text_string(&query), "");
	set(&stage, "order", "known");
	set(&stage, "gpu", "a&b c");
	set(&stage, "price", "2.5");
	set(&stage, "w.care", "7");
	league_view_write(&stage.scene.standard, &stage.view, &query);
	assert_string_equal(text_string(&query),
			    "order=known&gpu=a%26b%20c&price=2.5&w.care=7&w.speed=1");
}

static void what_cannot_be_is_refused(void **state)
{
	static const struct {
		const char *name, *value, *says;
	} wrong[] = {
		{ "order", "luck", "order 'luck' is none of rank, score, name, known and price" },
		{ "price", "cheap", "price 'cheap' is no amount in USD for one GPU and hour" },
		{ "price", "-1", "price '-1' is no amount in USD for one GPU and hour" },
		{ "w.care", "101", "weight '101' of care is no whole number from 0 to 100" },
		{ "w.care", "1.5", "weight '1.5' of care is no whole number from 0 to 100" },
		{ "w.luck", "1", "the standard has no category 'luck'" },
		{ "shape", "1",
		  "'shape' is none of profile, order, gpu, region, rental, price and w.CATEGORY" },
	};
	SCOPED_STAGE(stage);

	(void)state;
	stage_open(&stage);
	look(&stage);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct error err = { 0 };

		assert_false(league_view_set(&stage.scene.standard, wrong[i].name, wrong[i].value,
					     &stage.view, &err));
		assert_string_equal(err.text, wrong[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_shown_by_rank_at_first),
		cmocka_unit_test(each_field_narrows_or_orders),
		cmocka_unit_test(weights_change_the_score_and_never_the_grade),
		cmocka_unit_test(a_view_comes_back_from_its_query),
		cmocka_unit_test(what_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
