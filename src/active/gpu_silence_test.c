#include "active/gpu_silence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/trial.h"

#include <cmocka.h>

#define GPU "gpu:0000:19:00.0"

static const struct active_test first = { .name = "gemm" };
static const struct active_test second = { .name = "gemm-small" };
static const struct active_step first_step = { .test = &first };
static const struct active_step second_step = { .test = &second };

/* Blames an end in the first test, and gives how many unknowns the second one then adds. */
static size_t left_out_after(struct trial_run *trial, enum worker_end end)
{
	struct active_run run = trial_run_make(trial, &first_step, 1);
	const struct worker_result result = { .end = end, .call = "cuEventSynchronize " GPU };
	size_t before;

	gpu_blame(&run, &result, NODE_TEST_GEMM, GPU);
	run = trial_run_make(trial, &second_step, 1);
	before = run.sightings->count;
	assert_false(gpu_is_left_out(&run, NODE_TEST_GEMM, "gpu:0000:3b:00.0"));
	(void)gpu_is_left_out(&run, NODE_TEST_GEMM, GPU);
	return run.sightings->count - before;
}

static void a_gpu_that_hung_is_left_out_by_name_of_the_test(void **state)
{
	SCOPED_TRIAL(trial);

	(void)state;
	assert_int_equal(left_out_after(&trial, WORKER_STALLED), 1);
	assert_int_equal(trial_run_find(&trial, NODE_TEST_GEMM, GPU)->says, SAYS_UNKNOWN);
	assert_string_equal(trial_run_find(&trial, NODE_TEST_GEMM, GPU)->text,
			    "did not answer in gemm");
}

static void other_ends_leave_nobody_out(void **state)
{
	static const enum worker_end ends[] = { WORKER_DONE, WORKER_DIED, WORKER_FLOODED,
						WORKER_CANCELLED };

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		SCOPED_TRIAL(trial);

		assert_int_equal(left_out_after(&trial, ends[i]), 0);
	}
}

static void a_gpu_that_others_use_is_left_out_unless_they_may_feel_it(void **state)
{
	SCOPED_TRIAL(trial);
	struct active_run run = trial_run_make(&trial, &first_step, 1);

	(void)state;
	assert_null(gpu_users(&trial.request, GPU, &trial.arena));
	(void)saw_value(&trial.seen, NODE_GPU_PROCESSES, GPU, 0);
	assert_false(gpu_is_left_out(&run, NODE_TEST_GEMM, GPU));
	assert_string_equal(gpu_users_words(&trial.request, &trial.arena), "");
	(void)saw_value(&trial.seen, NODE_GPU_PROCESSES, GPU, 2);
	(void)saw_value(&trial.seen, NODE_GPU_PROCESS_MEMORY, GPU "/pid:4711", 512);
	(void)saw_value(&trial.seen, NODE_GPU_PROCESS_MEMORY, "gpu:0000:3b:00.0/pid:12", 512);
	assert_true(gpu_is_left_out(&run, NODE_TEST_GEMM, GPU));
	assert_non_null(strstr(trial_run_find(&trial, NODE_TEST_GEMM, GPU)->text,
			       "in use: 2 processes (4711) compute on it"));
	assert_string_equal(gpu_users_words(&trial.request, &trial.arena),
			    "; left out: " GPU ", which others use");
	trial.request.consent = CONSENT_DESTRUCTIVE;
	assert_false(gpu_is_left_out(&run, NODE_TEST_GEMM, GPU));
	assert_string_equal(gpu_users_words(&trial.request, &trial.arena), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gpu_that_hung_is_left_out_by_name_of_the_test),
		cmocka_unit_test(other_ends_leave_nobody_out),
		cmocka_unit_test(a_gpu_that_others_use_is_left_out_unless_they_may_feel_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
