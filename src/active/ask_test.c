#include "test/trial.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "host/system.h"
#include <cmocka.h>

#define NS_PER_S 1000000000ll
#define NS_PER_MS 1000000ll

/* "well", "hang", "crash" or "both": what a library on a GPU does. */
static void serve(struct worker_port *port, const char *request, void **state, const void *context)
{
	(void)state;
	(void)context;
	worker_calls(port, "cuInit %s", request);
	worker_answers(port, "v gpu:%s test.burn.power 7", request);
	if (strcmp(request, "hang") == 0 || strcmp(request, "both") == 0)
		(void)pause();
	if (strcmp(request, "crash") == 0) {
		(void)signal(SIGSEGV, SIG_DFL);
		(void)raise(SIGSEGV);
	}
}

static struct worker worker_of(struct trial_run *trial)
{
	return (struct worker){
		.host = &trial->host,
		.function = serve,
		.call_limit_ns = 100 * NS_PER_MS,
		.name = "stand-in",
	};
}

static const struct active_test test = { .name = "t" };
static const struct active_step step = { .test = &test };

static void one_that_hangs_is_named_and_the_others_are_measured(void **state)
{
	static const char *const requests[] = { "well", "hang", "crash", "well" };
	static const enum worker_end ends[] = { WORKER_DONE, WORKER_STALLED, WORKER_DIED,
						WORKER_DONE };
	SCOPED_TRIAL(trial);
	struct active_run run = trial_run_make(&trial, &step, 60 * NS_PER_S);
	struct worker workers[4];
	struct worker_result results[4];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		workers[i] = worker_of(&trial);
	active_ask_all(&run, workers, requests, results, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(results[i].end, ends[i]);
		assert_int_equal(results[i].answer_count, 1);
		active_blame(&run, &results[i], NODE_TEST_BURN_POWER, requests[i]);
		worker_end(&workers[i]);
	}
	assert_int_equal(run.end, ACTIVE_DONE);
	assert_int_equal(trial.sightings.count, 2);
	assert_string_equal(trial_run_find(&trial, NODE_TEST_BURN_POWER, "hang")->text,
			    "cuInit hang: no answer in time");
	assert_string_equal(trial_run_find(&trial, NODE_TEST_BURN_POWER, "crash")->text,
			    "cuInit crash: the process ended, signal 11");
}

static bool has_failed(const struct worker_result *result)
{
	return result->answer_count != 1;
}

static void who_waits_for_one_that_failed_is_not_waited_for(void **state)
{
	static const char *const requests[][2] = { { "hang", "crash" }, { "well", "hang" } };
	SCOPED_TRIAL(trial);
	struct active_run run = trial_run_make(&trial, &step, 60 * NS_PER_S);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct worker workers[2] = { worker_of(&trial), worker_of(&trial) };
		const struct active_band band = { workers, 2, has_failed, 50 * NS_PER_MS };
		struct worker_result results[2];

		/* Only who is in a band with one that failed is given up before its call is. */
		for (size_t k = 0; k < 2; k++)
			workers[k].call_limit_ns = i == 0 ? 60 * NS_PER_S : 200 * NS_PER_MS;
		active_ask_band(&run, &band, requests[i], results);
		assert_int_equal(results[0].end, i == 0 ? WORKER_CANCELLED : WORKER_DONE);
		assert_int_equal(results[1].end, i == 0 ? WORKER_DIED : WORKER_STALLED);
		assert_int_equal(run.end, ACTIVE_DONE);
		for (size_t k = 0; k < 2; k++)
			worker_end(&workers[k]);
	}
}

static void an_end_in_the_middle_keeps_what_was_answered(void **state)
{
	SCOPED_TRIAL(trial);
	struct active_run run = trial_run_make(&trial, &step, 60 * NS_PER_S);
	struct worker worker = worker_of(&trial);
	struct worker_result result;
	struct error err;

	(void)state;
	worker.call_limit_ns = 60 * NS_PER_S;
	trial.stop_after = 5;
	assert_true(active_ask(&run, &worker, "hang", &result, &err));
	assert_int_equal(result.end, WORKER_CANCELLED);
	assert_int_equal(run.end, ACTIVE_STOPPED);
	active_take(&run, &result);
	assert_int_equal(trial_run_find(&trial, NODE_TEST_BURN_POWER, "gpu:hang")->value, 7);
	active_blame(&run, &result, NODE_TEST_BURN_CLOCK, NULL);
	assert_string_equal(trial_run_find(&trial, NODE_TEST_BURN_CLOCK, NULL)->text,
			    "cuInit hang: stopped by the user");
	worker_end(&worker);
}

static void no_request_outlasts_the_test(void **state)
{
	SCOPED_TRIAL(trial);
	struct active_run run = trial_run_make(&trial, &step, 60 * NS_PER_MS);
	struct worker worker = worker_of(&trial);
	int64_t start_ns = host_boot_ns(&trial.host);
	struct worker_result result;
	struct error err;

	(void)state;
	worker.call_limit_ns = 60 * NS_PER_S;
	assert_true(active_ask(&run, &worker, "hang", &result, &err));
	assert_int_equal(result.end, WORKER_CANCELLED);
	assert_int_equal(run.end, ACTIVE_CUT);
	assert_true(host_boot_ns(&trial.host) - start_ns < 10 * NS_PER_S);
	active_blame(&run, &result, NODE_TEST_BURN_POWER, "hang");
	assert_string_equal(trial_run_find(&trial, NODE_TEST_BURN_POWER, "hang")->text,
			    "cuInit hang: its time was over");
	worker_end(&worker);
}

/* Whoever of the two sees the end first: the worker, at the moment that was left of the test, or
 * the test itself. */
static void the_end_of_the_test_is_never_a_stall(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		static const char *const requests[] = { "hang", "hang", "well" };
		SCOPED_TRIAL(trial);
		struct active_run run = trial_run_make(&trial, &step, (int64_t)i * 7 * NS_PER_MS);
		struct worker workers[3];
		struct worker_result results[3];

		for (size_t k = 0; k < 3; k++) {
			workers[k] = worker_of(&trial);
			workers[k].call_limit_ns = 60 * NS_PER_S;
		}
		active_ask_all(&run, workers, requests, results, 3);
		assert_int_equal(run.end, ACTIVE_CUT);
		for (size_t k = 0; k < 3; k++) {
			assert_int_not_equal(results[k].end, WORKER_STALLED);
			worker_end(&workers[k]);
		}
	}
}

static void a_program_ends_with_the_test(void **state)
{
	static const char *const words[] = { "sleep", "60", NULL };
	static const char *const nothing[] = { "no-such-program-anywhere", NULL };
	const struct process_limits limits = { .maximum = 100 };
	SCOPED_TRIAL(trial);
	struct active_run run = trial_run_make(&trial, &step, 60 * NS_PER_S);
	struct process_result result;
	struct error err;

	(void)state;
	assert_false(active_process(&run, nothing, limits, &result, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	trial.stop_after = 1;
	assert_true(active_process(&run, words, limits, &result, &err));
	assert_true(result.stopped);
	assert_int_equal(run.end, ACTIVE_STOPPED);

	run = trial_run_make(&trial, &step, 50 * NS_PER_MS);
	trial.stop_after = 0;
	assert_true(active_process(&run, words, limits, &result, &err));
	assert_true(result.stalled || result.stopped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_hangs_is_named_and_the_others_are_measured),
		cmocka_unit_test(who_waits_for_one_that_failed_is_not_waited_for),
		cmocka_unit_test(an_end_in_the_middle_keeps_what_was_answered),
		cmocka_unit_test(no_request_outlasts_the_test),
		cmocka_unit_test(the_end_of_the_test_is_never_a_stall),
		cmocka_unit_test(a_program_ends_with_the_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
