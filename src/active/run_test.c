#include "test/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/system.h"
#include "host/worker.h"
#include <cmocka.h>

#define NS_PER_S 1000000000ll
#define NS_PER_MS 1000000ll

static void plan_nothing(const struct active_request *request, struct arena *arena,
			 struct active_step *step)
{
	(void)request;
	(void)arena;
	(void)step;
}

/* Works until it is told to end. */
static void work(struct active_run *run)
{
	active_shows(run, 0.5, "%d of %d", 1, 2);
	assert_string_equal(run->what, "1 of 2");
	while (active_goes_on(run))
		worker_wait(NULL, 0, NS_PER_MS);
	assert_false(active_goes_on(run));
	(void)saw_value(run->sightings, NODE_TEST_BURN_LOADED, "test:work", 1);
}

static void end_well(struct active_run *run)
{
	assert_true(active_left_ns(run) > 0);
}

static void give_up(struct active_run *run)
{
	active_fails(run, "%s is missing", "fio");
	active_fails(run, "and more besides");
}

static void find_nothing(struct active_run *run)
{
	(void)saw_state(run->sightings, NODE_TEST_STORAGE_TYPE, "storage:type:/scratch", "nfs");
	(void)saw_unknown(run->sightings, NODE_TEST_GEMM, "gpu:0000:19:00.0", "no driver");
	(void)saw_unknown(run->sightings, NODE_TEST_GEMM, "gpu:0000:3b:00.0", "no driver either");
}

static void find_something(struct active_run *run)
{
	find_nothing(run);
	(void)saw_value(run->sightings, NODE_TEST_GEMM, "gpu:0000:4c:00.0", 7e14);
}

static void must_not_run(struct active_run *run)
{
	(void)run;
	fail();
}

static const char *const nobody[] = { NULL };

/* How a test ends that does this, and why; what the trial allows was set before. */
static enum active_end run_it(struct trial_run *trial, void (*what)(struct active_run *run),
			      const struct active_step *like, const char **ret_reason)
{
	const struct active_test test = { .name = "work",
					  .group = "gpu",
					  .title = "works",
					  .consent = CONSENT_LOAD,
					  .checks = nobody,
					  .plan = plan_nothing,
					  .run = what };
	struct active_step step = *like;

	step.test = &test;
	enum active_end end = active_run_step(&trial->request, &step, host_boot_ns(&trial->host),
					      NULL, &trial->sightings, &trial->arena);
	const struct record *last = &trial->sightings.items[trial->sightings.count - 1];

	assert_string_equal(last->what, "node.test.run");
	assert_string_equal(last->subject.parts[SUBJECT_DEVICE], "test:work");
	assert_string_equal(last->text, active_end_names[end]);
	assert_true(trial_run_find(trial, NODE_TEST_DURATION, "test:work")->value >= 0);
	*ret_reason = end == ACTIVE_DONE
			      ? NULL
			      : trial_run_find(trial, NODE_TEST_REASON, "test:work")->text;
	return end;
}

static const struct active_step usual = { .needed_ns = NS_PER_S, .consent = CONSENT_LOAD };

static void a_test_that_ends_is_done(void **state)
{
	SCOPED_TRIAL(trial);
	const char *reason;

	(void)state;
	assert_int_equal(run_it(&trial, end_well, &usual, &reason), ACTIVE_DONE);
	assert_int_equal(trial.shown, 1);
}

static void without_consent_nothing_runs(void **state)
{
	SCOPED_TRIAL(trial);
	struct active_step rude = { .needed_ns = NS_PER_S, .consent = CONSENT_DESTRUCTIVE };
	const char *reason;

	(void)state;
	assert_int_equal(run_it(&trial, must_not_run, &rude, &reason), ACTIVE_NOT_RUN);
	assert_string_equal(reason, "it needs the consent 'destructive'");
	trial.request.consent = CONSENT_READ;
	assert_int_equal(run_it(&trial, must_not_run, &usual, &reason), ACTIVE_NOT_RUN);
	assert_string_equal(reason, "it needs the consent 'load'");
}

static void what_cannot_be_run_is_not(void **state)
{
	SCOPED_TRIAL(trial);
	struct active_step step = { .cannot = "no GPU on the PCI bus", .consent = CONSENT_LOAD };
	const char *reason;

	(void)state;
	assert_int_equal(run_it(&trial, must_not_run, &step, &reason), ACTIVE_NOT_RUN);
	assert_string_equal(reason, "no GPU on the PCI bus");
}

static void the_clock_cuts_and_what_was_seen_is_kept(void **state)
{
	SCOPED_TRIAL(trial);
	const char *reason;
	int64_t start_ns = host_boot_ns(&trial.host);

	(void)state;
	trial.request.limit_ns = 50 * NS_PER_MS;
	assert_int_equal(run_it(&trial, work, &usual, &reason), ACTIVE_CUT);
	assert_string_equal(reason, "its time was over");
	assert_true(host_boot_ns(&trial.host) - start_ns < 5 * NS_PER_S);
	assert_int_equal(trial_run_find(&trial, NODE_TEST_BURN_LOADED, "test:work")->value, 1);
	/* No time at all: it is not even begun. */
	trial.request.limit_ns = 0;
	assert_int_equal(run_it(&trial, must_not_run, &usual, &reason), ACTIVE_CUT);
}

static void the_user_stops(void **state)
{
	SCOPED_TRIAL(trial);
	const char *reason;

	(void)state;
	trial.stop_after = 3;
	assert_int_equal(run_it(&trial, work, &usual, &reason), ACTIVE_STOPPED);
	assert_string_equal(reason, "stopped by the user");
	assert_int_equal(run_it(&trial, must_not_run, &usual, &reason), ACTIVE_STOPPED);
}

static void the_first_reason_of_a_failure_stays(void **state)
{
	SCOPED_TRIAL(trial);
	const char *reason;

	(void)state;
	assert_int_equal(run_it(&trial, give_up, &usual, &reason), ACTIVE_FAILED);
	assert_string_equal(reason, "fio is missing");
}

static void nothing_but_unknowns_is_not_done(void **state)
{
	SCOPED_TRIAL(trial);
	const char *reason;

	(void)state;
	assert_int_equal(run_it(&trial, find_something, &usual, &reason), ACTIVE_DONE);
	/* What an earlier test has measured is none of this one's. */
	assert_int_equal(run_it(&trial, find_nothing, &usual, &reason), ACTIVE_FAILED);
	assert_string_equal(reason, "nothing was measured: no driver");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_test_that_ends_is_done),
		cmocka_unit_test(without_consent_nothing_runs),
		cmocka_unit_test(what_cannot_be_run_is_not),
		cmocka_unit_test(the_clock_cuts_and_what_was_seen_is_kept),
		cmocka_unit_test(the_user_stops),
		cmocka_unit_test(the_first_reason_of_a_failure_stays),
		cmocka_unit_test(nothing_but_unknowns_is_not_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
