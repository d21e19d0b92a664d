#include "rating/rating.h"

#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void remember(struct scene *scene, uint8_t hash[RECORD_HASH_BYTES])
{
	memcpy(hash, scene_rate(scene)->hash, RECORD_HASH_BYTES);
}

static void expect_other(struct scene *scene, const uint8_t hash[RECORD_HASH_BYTES])
{
	assert_memory_not_equal(scene_rate(scene)->hash, hash, RECORD_HASH_BYTES);
}

static void the_hash_names_all_that_decides_the_result(void **state)
{
	SCOPED_SCENE(scene);
	const struct rating_request plain = scene.request;
	uint8_t hash[RECORD_HASH_BYTES];

	(void)state;
	facts_answer(&scene.facts, "p", "care.checks", "full");
	remember(&scene, hash);
	scene.request.threads = 3;
	assert_memory_equal(scene_rate(&scene)->hash, hash, RECORD_HASH_BYTES);
	scene.request = plain;
	scene.request.as_of++;
	expect_other(&scene, hash);
	scene.request = plain;
	scene.request.profile = 0;
	expect_other(&scene, hash);
	scene.request = plain;
	scene.request.seed++;
	expect_other(&scene, hash);
	scene.request = plain;
	scene.request.draws++;
	expect_other(&scene, hash);
	scene.request = plain;
	scene.request.arrived_by = RATING_DAY;
	expect_other(&scene, hash);
	scene.request = plain;
	scene.request.undated = true;
	expect_other(&scene, hash);
	scene.request = plain;
	scene.request.only = "p";
	expect_other(&scene, hash);
	scene.request = plain;
	scene.standard.hash[0]++;
	expect_other(&scene, hash);
	scene.standard.hash[0]--;
	assert_memory_equal(scene_rate(&scene)->hash, hash, RECORD_HASH_BYTES);
	facts_remark(&scene.facts, "p");
	expect_other(&scene, hash);
}

static void no_threads_and_too_many_are_some(void **state)
{
	static const unsigned threads[] = { 0, 1000 };
	SCOPED_SCENE(scene);

	(void)state;
	scene.request.draws = 100;
	facts_answer(&scene.facts, "p", "care.checks", "full");
	for (unsigned i = 0; i < 2; i++) {
		scene.request.threads = threads[i];
		assert_in_range(scene_rate(&scene)->request.threads, 1, 16);
		assert_int_equal(scene_rate(&scene)->providers[0].rank, 1);
	}
}

static void only_one_provider_is_rated_when_asked_so(void **state)
{
	SCOPED_SCENE(scene);
	const struct rating *rating;

	(void)state;
	facts_answer(&scene.facts, "p/a", "care.checks", "none");
	facts_answer(&scene.facts, "q/a", "care.checks", "full");
	scene.request.only = "p";
	rating = scene_rate(&scene);
	assert_int_equal(rating->provider_count, 1);
	assert_int_equal(rating->unit_count, 1);
	assert_string_equal(rating->providers[0].name, "p");
	assert_int_equal(rating->providers[0].rank, 1);
	assert_null(rating_find(rating, "q"));
	assert_null(rating_find_unit(rating, "q/a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_names_all_that_decides_the_result),
		cmocka_unit_test(no_threads_and_too_many_are_some),
		cmocka_unit_test(only_one_provider_is_rated_when_asked_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
