#include "fleet/standing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Real checks, for their rules: one that reads a log, one that settles, one that a gate requires.
 */
static const char log_check[] = "gpu-error-log";
static const char slow_check[] = "gpu-throttle";
static const char required_check[] = "gpu-ecc";
static const char plain_check[] = "host-inventory";

struct fixture {
	struct standings standings;
	struct transition last;
	unsigned count; /* of transitions */
	char text[100];
};

static void note(void *context, const struct transition *transition)
{
	struct fixture *fixture = context;

	fixture->last = *transition;
	fixture->count++;
	(void)snprintf(fixture->text, sizeof(fixture->text), "%s", transition->text);
}

/* The check says one thing about one device, or nothing with a NULL about. */
static void take(struct fixture *fixture, const char *check, const char *about,
		 enum verdict verdict, int64_t now)
{
	const struct finding finding = {
		.verdict = verdict,
		.about = about,
		.text = verdict == VERDICT_PASS ? "fine" : "wrong",
		.clears = verdict == VERDICT_FAIL ? "the next start" : NULL,
	};
	struct checkup_line line = { check_find(check), &finding, about != NULL, verdict };
	const struct checkup checkup = { .lines = &line, .line_count = 1 };

	assert_non_null(line.entry);
	standings_take(&fixture->standings, &checkup, now, note, fixture);
}

static void the_checks_of_this_test_have_the_rules_that_it_needs(void **state)
{
	(void)state;
	assert_true(standing_reads_log(check_find(log_check)->check));
	assert_int_equal(check_find(log_check)->check->settle_s, 0);
	assert_int_equal(check_find(slow_check)->check->settle_s, 60);
	assert_true(check_find(required_check)->check->required);
	assert_int_equal(check_find(required_check)->check->settle_s, 0);
	assert_false(check_find(plain_check)->check->required);
}

static void what_need_not_settle_is_raised_at_once(void **state)
{
	struct fixture fixture = { 0 };

	(void)state;
	take(&fixture, log_check, "gpu:1", VERDICT_FAIL, 100);
	assert_int_equal(fixture.count, 1);
	assert_int_equal(fixture.last.before, VERDICT_PASS);
	assert_int_equal(fixture.last.after, VERDICT_FAIL);
	assert_true(fixture.last.is_sticky);
	assert_string_equal(fixture.text, "wrong");
	take(&fixture, log_check, "gpu:1", VERDICT_FAIL, 101);
	assert_int_equal(fixture.count, 1);
	assert_int_equal(standings_next(&fixture.standings), 0);
	standings_release(&fixture.standings);
}

static void a_pass_is_taken_in_silently(void **state)
{
	struct fixture fixture = { 0 };

	(void)state;
	take(&fixture, log_check, "gpu:1", VERDICT_PASS, 100);
	take(&fixture, plain_check, "", VERDICT_NOT_APPLICABLE, 100);
	assert_int_equal(fixture.count, 0);
	assert_int_equal(fixture.standings.count, 0);
	standings_release(&fixture.standings);
}

static void it_is_time_that_settles_and_not_samples(void **state)
{
	struct fixture fixture = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		take(&fixture, slow_check, "gpu:1", VERDICT_WARN, 100 + i % 60);
	assert_int_equal(fixture.count, 0);
	assert_int_equal(standings_next(&fixture.standings), 160);
	assert_int_equal(standings_gate(&fixture.standings), VERDICT_PASS);
	take(&fixture, slow_check, "gpu:1", VERDICT_WARN, 160);
	assert_int_equal(fixture.count, 1);
	assert_int_equal(fixture.standings.items[0].since, 160);
	assert_int_equal(standings_gate(&fixture.standings), VERDICT_WARN);
	/* What ends it has to hold as long, and until then its own text stands. */
	take(&fixture, slow_check, "gpu:1", VERDICT_PASS, 200);
	assert_int_equal(fixture.count, 1);
	assert_string_equal(fixture.standings.items[0].text, "wrong");
	take(&fixture, slow_check, NULL, VERDICT_PASS, 260);
	assert_int_equal(fixture.count, 2);
	assert_int_equal(fixture.last.after, VERDICT_PASS);
	assert_int_equal(fixture.standings.count, 0);
	standings_release(&fixture.standings);
}

static void what_flutters_changes_nothing(void **state)
{
	struct fixture fixture = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		take(&fixture, slow_check, "gpu:1", i % 2 ? VERDICT_PASS : VERDICT_WARN,
		     100 + 59 * i);
	assert_int_equal(fixture.count, 0);
	for (int i = 0; i < 3; i++)
		take(&fixture, slow_check, "gpu:1", VERDICT_WARN, 10000 + 59 * i);
	assert_int_equal(fixture.count, 1);
	for (int i = 0; i < 100; i++)
		take(&fixture, slow_check, "gpu:1", i % 2 ? VERDICT_WARN : VERDICT_PASS,
		     20000 + 59 * i);
	assert_int_equal(fixture.count, 1);
	standings_release(&fixture.standings);
}

static void a_fault_of_the_log_outlives_the_log(void **state)
{
	struct fixture fixture = { 0 };

	(void)state;
	take(&fixture, log_check, "gpu:1", VERDICT_FAIL, 100);
	take(&fixture, log_check, NULL, VERDICT_PASS, 200);
	take(&fixture, log_check, "", VERDICT_PASS, 300);
	assert_int_equal(fixture.count, 1);
	assert_int_equal(standings_gate(&fixture.standings), VERDICT_FAIL);
	/* Only the check's own word about the device ends it. */
	take(&fixture, log_check, "gpu:1", VERDICT_PASS, 400);
	assert_int_equal(fixture.count, 2);
	assert_int_equal(fixture.standings.count, 0);
	standings_release(&fixture.standings);
}

static void a_fault_of_a_state_ends_when_the_check_no_longer_says_it(void **state)
{
	struct fixture fixture = { 0 };

	(void)state;
	take(&fixture, required_check, "gpu:1", VERDICT_FAIL, 100);
	assert_false(fixture.last.is_sticky);
	/* Another check was run, and this one was not: nothing is known of it. */
	take(&fixture, plain_check, NULL, VERDICT_PASS, 150);
	assert_int_equal(fixture.count, 1);
	take(&fixture, required_check, NULL, VERDICT_PASS, 200);
	assert_int_equal(fixture.count, 2);
	assert_int_equal(fixture.last.after, VERDICT_PASS);
	assert_string_equal(fixture.text, "it is not found any more");
	standings_release(&fixture.standings);
}

static void the_past_is_taken_over_and_ends_with_the_boot_it_was_of(void **state)
{
	struct fixture fixture = { 0 };

	(void)state;
	standings_restore(
		&fixture.standings,
		&(struct standing_past){ log_check, "gpu:1", "old", "do", VERDICT_FAIL, 50, true });
	standings_restore(&fixture.standings,
			  &(struct standing_past){ log_check, "gpu:2", "old", "do", VERDICT_FAIL,
						   60, false });
	standings_restore(&fixture.standings,
			  &(struct standing_past){ log_check, "gpu:2", "twice", "", VERDICT_WARN,
						   70, false });
	standings_restore(
		&fixture.standings,
		&(struct standing_past){ "no-such-check", "", "old", "", VERDICT_FAIL, 50, true });
	assert_int_equal(fixture.standings.count, 2);
	assert_int_equal(fixture.standings.items[0].since, 50);
	assert_string_equal(fixture.standings.items[0].text, "old");
	take(&fixture, log_check, NULL, VERDICT_PASS, 100);
	assert_int_equal(fixture.count, 1);
	assert_string_equal(fixture.last.about ? fixture.last.check : "", log_check);
	assert_int_equal(fixture.standings.count, 1);
	assert_string_equal(fixture.standings.items[0].about, "gpu:1");
	standings_release(&fixture.standings);
}

static void the_worst_of_several_findings_about_a_device_stands(void **state)
{
	const struct finding findings[] = {
		{ .verdict = VERDICT_WARN, .about = "gpu:1", .text = "a" },
		{ .verdict = VERDICT_FAIL, .about = "gpu:1", .text = "b" },
		{ .verdict = VERDICT_PASS, .about = "gpu:1", .text = "c" },
	};
	struct checkup_line line = { check_find(log_check), findings, 3, VERDICT_FAIL };
	const struct checkup checkup = { .lines = &line, .line_count = 1 };
	struct fixture fixture = { 0 };

	(void)state;
	standings_take(&fixture.standings, &checkup, 100, note, &fixture);
	assert_int_equal(fixture.count, 1);
	assert_int_equal(fixture.last.after, VERDICT_FAIL);
	assert_string_equal(fixture.text, "b");
	standings_release(&fixture.standings);
}

static void only_what_is_required_makes_the_gate_unsure(void **state)
{
	struct fixture fixture = { 0 };

	(void)state;
	take(&fixture, plain_check, "", VERDICT_UNKNOWN, 100);
	assert_int_equal(standings_gate(&fixture.standings), VERDICT_PASS);
	take(&fixture, required_check, "gpu:1", VERDICT_STALE, 100);
	assert_int_equal(standings_gate(&fixture.standings), VERDICT_UNKNOWN);
	take(&fixture, log_check, "gpu:2", VERDICT_FAIL, 100);
	assert_int_equal(standings_gate(&fixture.standings), VERDICT_FAIL);
	standings_release(&fixture.standings);
}

static void there_is_a_most_of_what_is_followed(void **state)
{
	struct fixture fixture = { 0 };
	char about[32];

	(void)state;
	for (int i = 0; i < STANDINGS_MAXIMUM + 10; i++) {
		(void)snprintf(about, sizeof(about), "gpu:%d", i);
		standings_restore(
			&fixture.standings,
			&(struct standing_past){ log_check, about, "", "", VERDICT_WARN, 1, true });
	}
	assert_int_equal(fixture.standings.count, STANDINGS_MAXIMUM);
	assert_int_equal(fixture.standings.left_out, 10);
	take(&fixture, log_check, "gpu:new", VERDICT_FAIL, 100);
	assert_int_equal(fixture.count, 0);
	assert_int_equal(fixture.standings.left_out, 11);
	standings_release(&fixture.standings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_checks_of_this_test_have_the_rules_that_it_needs),
		cmocka_unit_test(what_need_not_settle_is_raised_at_once),
		cmocka_unit_test(a_pass_is_taken_in_silently),
		cmocka_unit_test(it_is_time_that_settles_and_not_samples),
		cmocka_unit_test(what_flutters_changes_nothing),
		cmocka_unit_test(a_fault_of_the_log_outlives_the_log),
		cmocka_unit_test(a_fault_of_a_state_ends_when_the_check_no_longer_says_it),
		cmocka_unit_test(the_past_is_taken_over_and_ends_with_the_boot_it_was_of),
		cmocka_unit_test(the_worst_of_several_findings_about_a_device_stands),
		cmocka_unit_test(only_what_is_required_makes_the_gate_unsure),
		cmocka_unit_test(there_is_a_most_of_what_is_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
