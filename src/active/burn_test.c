#include "test/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct active_step plan_of(struct trial_run *trial)
{
	struct active_step step = { .test = &active_burn, .consent = active_burn.consent };

	active_burn.plan(&trial->request, &trial->arena, &step);
	return step;
}

static void without_a_gpu_there_is_nothing_to_judge(void **state)
{
	SCOPED_TRIAL(trial);
	struct active_step step = plan_of(&trial);

	(void)state;
	assert_string_equal(step.cannot, "no GPU was seen");
	assert_true(step.is_absent);
}

static void gpus_that_do_not_answer_are_no_absence(void **state)
{
	SCOPED_TRIAL(trial);

	(void)state;
	saw_state(&trial.seen, NODE_GPU_VENDOR, "gpu:0000:19:00.0", "nvidia");
	saw_state(&trial.seen, NODE_GPU_ANSWERS, "gpu:0000:19:00.0", "lost");
	struct active_step step = plan_of(&trial);
	assert_string_equal(step.cannot, "no GPU answers");
	assert_false(step.is_absent);
}

static void those_that_answer_are_loaded_for_all_the_time_there_is(void **state)
{
	SCOPED_TRIAL(trial);

	(void)state;
	saw_state(&trial.seen, NODE_GPU_ANSWERS, "gpu:0000:19:00.0", "ok");
	saw_state(&trial.seen, NODE_GPU_ANSWERS, "gpu:0000:3b:00.0", "lost");
	saw_unknown(&trial.seen, NODE_GPU_ANSWERS, "gpu:0000:4c:00.0", "stalled");
	struct active_step step = plan_of(&trial);
	assert_null(step.cannot);
	assert_true(step.is_elastic);
	assert_true(step.needed_ns > 0);
	assert_non_null(strstr(step.loads, "1 GPU with matrix products"));
	/* One alone has nobody to exchange anything with. */
	assert_null(strstr(step.loads, "all-reduce"));
	saw_state(&trial.seen, NODE_GPU_ANSWERS, "gpu:0000:5d:00.0", "ok");
	step = plan_of(&trial);
	assert_non_null(strstr(step.loads, "2 GPUs with matrix products"));
	assert_non_null(strstr(step.loads, "all-reduce"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_gpu_there_is_nothing_to_judge),
		cmocka_unit_test(gpus_that_do_not_answer_are_no_absence),
		cmocka_unit_test(those_that_answer_are_loaded_for_all_the_time_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
