#include "test/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct active_test test = { .name = "t" };
static const struct active_step step = { .test = &test };

static void take(struct trial_run *trial, const char *line)
{
	struct active_run run = trial_run_make(trial, &step, 1);
	struct span answer = span_of(line);
	const struct worker_result result = { .answers = &answer, .answer_count = 1 };

	active_take(&run, &result);
}

static void facts_become_records(void **state)
{
	SCOPED_TRIAL(trial);

	(void)state;
	take(&trial, "v gpu:0000:19:00.0 test.burn.power 699.5");
	take(&trial, "s gpu:0000:19:00.0 test.burn.end ok");
	take(&trial, "t test:t test.reason two words");
	take(&trial, "u - test.burn.clock no sensor for it");
	assert_int_equal(trial.sightings.count, 4);
	assert_true(trial_run_find(&trial, NODE_TEST_BURN_POWER, "gpu:0000:19:00.0")->value > 699);
	assert_string_equal(trial_run_find(&trial, NODE_TEST_BURN_END, "gpu:0000:19:00.0")->text,
			    "ok");
	assert_string_equal(trial_run_find(&trial, NODE_TEST_REASON, "test:t")->text, "two words");
	assert_int_equal(trial_run_find(&trial, NODE_TEST_BURN_CLOCK, NULL)->says, SAYS_UNKNOWN);
}

static void what_is_no_fact_is_one_unknown(void **state)
{
	static const char *const lines[] = {
		"",
		"v",
		"v gpu:0",
		"v gpu:0 test.burn.power",
		"v gpu:0 test.burn.power ",
		"v gpu:0 test.burn.power seven",
		"v gpu:0 test.burn.power 7 W",
		"v  test.burn.power 7",
		"s gpu:0 test.burn.power ok",
		"v gpu:0 test.burn.end 7",
		"v gpu:0 gpu.power 7",
		"v gpu:0 test.no-such-measure 7",
		"w gpu:0 test.burn.power 7",
		"vv gpu:0 test.burn.power 7",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		SCOPED_TRIAL(trial);

		take(&trial, lines[i]);
		assert_int_equal(trial.sightings.count, 1);
		assert_int_equal(trial_run_find(&trial, NODE_TEST_ANSWERS, "test:t")->says,
				 SAYS_UNKNOWN);
	}
}

static void devices_are_sorted_and_each_is_there_once(void **state)
{
	SCOPED_TRIAL(trial);
	const char *const *devices;

	(void)state;
	(void)saw_state(&trial.seen, NODE_GPU_ANSWERS, "gpu:c", "ok");
	(void)saw_state(&trial.seen, NODE_GPU_ANSWERS, "gpu:a", "lost");
	(void)saw_state(&trial.seen, NODE_GPU_ANSWERS, "gpu:c", "ok");
	(void)saw_unknown(&trial.seen, NODE_GPU_ANSWERS, "gpu:b", "stalled");
	(void)saw_value(&trial.seen, NODE_GPU_POWER, "gpu:d", 7);
	assert_int_equal(active_devices(&trial.request, NODE_GPU_ANSWERS, &trial.arena, &devices),
			 2);
	assert_string_equal(devices[0], "gpu:a");
	assert_string_equal(devices[1], "gpu:c");
	assert_int_equal(active_devices(&trial.request, NODE_BOARD, &trial.arena, &devices), 0);
}

static void the_newest_word_counts_and_unknown_is_none(void **state)
{
	SCOPED_TRIAL(trial);

	(void)state;
	(void)saw_value(&trial.seen, NODE_GPU_POWER, "gpu:d", 7);
	(void)saw_value(&trial.seen, NODE_GPU_POWER, "gpu:d", 8);
	assert_true(active_seen(&trial.request, NODE_GPU_POWER, "gpu:d")->value > 7.5);
	(void)saw_unknown(&trial.seen, NODE_GPU_POWER, "gpu:d", "stalled");
	assert_null(active_seen(&trial.request, NODE_GPU_POWER, "gpu:d"));
	assert_null(active_seen(&trial.request, NODE_GPU_POWER, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_become_records),
		cmocka_unit_test(what_is_no_fact_is_one_unknown),
		cmocka_unit_test(devices_are_sorted_and_each_is_there_once),
		cmocka_unit_test(the_newest_word_counts_and_unknown_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
