#include "rating/rule.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void records_are_filed_by_provider_in_the_order_of_ids(void **state)
{
	SCOPED_SCENE(scene);
	struct folder *folders;
	uint32_t count;

	(void)state;
	facts_remark(&scene.facts, "q");
	facts_remark(&scene.facts, "p/b");
	facts_remark(&scene.facts, "p-2");
	facts_remark(&scene.facts, "p/a");
	file_evidence(&scene_rate(&scene)->request, &scene.arena, &folders, &count);
	assert_int_equal(count, 3);
	assert_string_equal(folders[0].provider, "p");
	assert_int_equal(folders[0].count, 2);
	assert_string_equal(folders[0].filed[0].record->id, "r0001");
	assert_string_equal(folders[0].filed[1].record->id, "r0003");
	assert_string_equal(folders[1].provider, "p-2");
	assert_string_equal(folders[2].provider, "q");
	scene.request.only = "p-2";
	file_evidence(&scene_rate(&scene)->request, &scene.arena, &folders, &count);
	assert_int_equal(count, 1);
	assert_string_equal(folders[0].provider, "p-2");
	assert_int_equal(folders[0].count, 1);
}

static void a_record_is_filed_under_what_it_bears_on(void **state)
{
	static const struct {
		const char *what;
		enum topic topic;
		uint32_t index;
	} cases[] = {
		{ "care.checks", TOPIC_CRITERION, CHECKS },
		{ "speed.start", TOPIC_CRITERION, START },
		{ "care.*", TOPIC_CATEGORY, CARE },
		{ "speed.*", TOPIC_CATEGORY, SPEED },
		{ "share", TOPIC_SHARE, 0 },
		{ "volume", TOPIC_VOLUME, 0 },
		{ "remark", TOPIC_OTHER, 0 },
		{ "price.on-demand", TOPIC_PRICE, 0 },
		{ "claim.fabric", TOPIC_OTHER, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);
		struct folder *folders;
		uint32_t count;

		facts_withheld(&scene.facts, "p", cases[i].what);
		scene.request.as_of = RATING_DAY - 99; /* filed, though it does not count */
		file_evidence(&scene_rate(&scene)->request, &scene.arena, &folders, &count);
		assert_int_equal(folders[0].filed[0].topic, cases[i].topic);
		assert_int_equal(folders[0].filed[0].index, cases[i].index);
	}
}

static void what_counts_was_seen_by_the_day_and_is_true(void **state)
{
	static const struct {
		date_t observed, due; /* days from the day of the rating */
		bool announced;
		date_t arrived_by;
		bool undated, counts;
	} cases[] = {
		{ 0, DATE_NONE, false, DATE_NONE, false, true },
		{ 1, DATE_NONE, false, DATE_NONE, false, false },
		{ -9, 5, true, DATE_NONE, false, false },
		{ -9, -5, true, DATE_NONE, false, false },
		{ -9, 5, true, 4, false, false },
		{ -9, 5, true, 5, false, true },
		{ 1, 5, true, 5, false, false },
		{ -9, DATE_NONE, true, 5, false, false },
		{ -9, DATE_NONE, true, 5, true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rating_request request = { .as_of = RATING_DAY,
						  .undated = cases[i].undated,
						  .arrived_by = cases[i].arrived_by };
		struct record record = { .observed = RATING_DAY + cases[i].observed,
					 .announced = cases[i].announced,
					 .due = cases[i].due };

		if (request.arrived_by != DATE_NONE)
			request.arrived_by += RATING_DAY;
		if (record.due != DATE_NONE)
			record.due += RATING_DAY;
		assert_int_equal(record_counts(&request, &record), cases[i].counts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_filed_by_provider_in_the_order_of_ids),
		cmocka_unit_test(a_record_is_filed_under_what_it_bears_on),
		cmocka_unit_test(what_counts_was_seen_by_the_day_and_is_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
