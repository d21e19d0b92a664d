#include "report/checkup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/outcome.h"
#include "test/scene.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct report_style plain = { .color = false, .columns = 100 };

static const char *write(struct outcome *outcome, bool all, bool color)
{
	const struct checkup_report report = { .checkup = &outcome->checkup, .all = all };
	const struct report_style style = { .color = color, .columns = plain.columns };
	SCOPED_TEXT(text);

	checkup_write_table(&report, &style, &text);
	return arena_string(&outcome->arena, text_span(&text));
}

static const struct said mixed[] = {
	{ .check = "a-pass", .required = true, .verdict = VERDICT_PASS, .text = "all is well" },
	{ .check = "a-warn", .verdict = VERDICT_WARN, .text = "nearly full" },
	{ .check = "a-fail",
	  .verdict = VERDICT_FAIL,
	  .about = "mount:/home",
	  .text = "is full",
	  .action = "make room" },
	{ .check = "a-none", .verdict = VERDICT_NOT_APPLICABLE, .text = "no GPU" },
	{ .check = "a-open", .verdict = VERDICT_UNKNOWN, .text = "who knows", .attested = true },
	{ .check = NULL },
};

static void what_is_wrong_comes_first(void **state)
{
	SCOPED_OUTCOME(outcome);
	const char *text, *fails, *unknown, *warns;

	(void)state;
	outcome_make(&outcome, mixed);
	text = write(&outcome, false, false);
	fails = strstr(text,
		       "FAIL      a-fail  /home\n          is full\n          do       make room");
	unknown = strstr(text, "UNKNOWN   a-open\n          who knows\n          attested ");
	warns = strstr(text, "WARN      a-warn\n          nearly full\n");
	assert_ptr_equal(fails, text);
	assert_true(unknown > fails);
	assert_true(warns > unknown);
	assert_null(strstr(text, "all is well"));
	assert_null(strstr(text, "no GPU"));
	assert_non_null(strstr(text, "\nnode7, profile full: fails\n5 checks: 1 fail, 1 unknown, "
				     "1 warn, 1 pass, 1 not applicable\n"));
}

static void all_shows_what_passed_and_what_does_not_apply(void **state)
{
	SCOPED_OUTCOME(outcome);
	const char *text;

	(void)state;
	outcome_make(&outcome, mixed);
	text = write(&outcome, true, false);
	assert_non_null(strstr(text, "pass      a-pass: all is well\n"));
	assert_non_null(strstr(text, "-         a-none: no GPU\n"));
}

static void the_gate_is_said_in_words(void **state)
{
	static const struct {
		enum verdict required, other;
		const char *words;
	} cases[] = {
		{ VERDICT_PASS, VERDICT_PASS, "full: passes\n" },
		{ VERDICT_PASS, VERDICT_WARN, "full: passes with warnings\n" },
		{ VERDICT_PASS, VERDICT_FAIL, "full: fails\n" },
		{ VERDICT_PASS, VERDICT_UNKNOWN,
		  "full: passes, but for 1 check that could not tell\n" },
		{ VERDICT_UNKNOWN, VERDICT_PASS,
		  "unknown is no pass: a required check could not tell\n" },
		{ VERDICT_NOT_APPLICABLE, VERDICT_NOT_APPLICABLE,
		  "unknown is no pass: no check could tell\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct said said[] = {
			{ .check = "a-a",
			  .required = true,
			  .verdict = cases[i].required,
			  .text = "-" },
			{ .check = "a-b", .verdict = cases[i].other, .text = "-" },
			{ .check = NULL },
		};
		SCOPED_OUTCOME(outcome);

		outcome_make(&outcome, said);
		if (!strstr(write(&outcome, false, false), cases[i].words))
			fail_msg("'%s' is not in %s", cases[i].words,
				 write(&outcome, false, false));
	}
}

static void a_text_cannot_move_the_cursor(void **state)
{
	static const struct said said[] = {
		{ .check = "a-a",
		  .verdict = VERDICT_FAIL,
		  .text = "evil \x1b[2J\x07 \xc2\x9b text",
		  .action = "\x1b]0;x\x07" },
		{ .check = NULL },
	};
	SCOPED_OUTCOME(outcome);
	const char *text;

	(void)state;
	outcome_make(&outcome, said);
	text = write(&outcome, false, false);
	assert_null(strchr(text, '\x1b'));
	assert_null(strchr(text, '\x07'));
	assert_null(strstr(text, "\xc2\x9b"));
	assert_non_null(strstr(text, "evil ?[2J? ? text"));
	assert_non_null(strchr(write(&outcome, false, true), '\x1b')); /* colour, when asked */
}

/* What is unknown of eight GPUs is told of two, unless all is asked for. */
static void the_same_unknown_is_not_told_for_each_device(void **state)
{
	static const struct said said[] = {
		{ .check = "a-a", .verdict = VERDICT_UNKNOWN, .about = "gpu:1", .text = "lost" },
		{ .check = "a-a", .verdict = VERDICT_UNKNOWN, .about = "gpu:2", .text = "lost" },
		{ .check = "a-a", .verdict = VERDICT_UNKNOWN, .about = "gpu:3", .text = "lost" },
		{ .check = "a-a", .verdict = VERDICT_UNKNOWN, .about = "gpu:4", .text = "lost" },
		{ .check = NULL },
	};
	SCOPED_OUTCOME(outcome);

	(void)state;
	outcome_make(&outcome, said);
	assert_null(strstr(write(&outcome, false, false), "GPU 3"));
	assert_non_null(strstr(write(&outcome, false, false), "and 2 more of a-a; --all shows"));
	assert_non_null(strstr(write(&outcome, true, false), "GPU 4"));
}

/* Three records of one measure say nothing apart unless each names its part. */
static void what_was_seen_names_its_part(void **state)
{
	static const char *const only[] = { "mpi-library", "gpu-ecc", NULL };
	SCOPED_SCENE(scene);
	SCOPED_TEXT(text);
	struct checkup checkup;
	const struct checkup_report report = { .checkup = &checkup };

	(void)state;
	scene_make(&scene, scene_bare,
		   "software software:slurm 24.05.4\nservice service:slurmd running\n"
		   "service service:slurmctld absent\nsoftware software:hpcx absent\n",
		   "software software:openmpi absent\n", NULL);
	scene.input.machine = scene.input.machines;
	checkup_run(&scene.input, PROFILE_FULL, only, &scene.arena, &checkup);
	checkup_write_table(&report, &plain, &text);
	assert_non_null(strstr(text_string(&text), "software, hpcx: absent\n"));
	assert_non_null(strstr(text_string(&text), "software, openmpi: absent\n"));
	assert_non_null(strstr(text_string(&text), "checks that do not apply for it: 1. On a"));
	text.length = 0;
	checkup_write_nagios(&report, &text);
	assert_non_null(strstr(text_string(&text), "; no GPU on the PCI bus | "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_wrong_comes_first),
		cmocka_unit_test(all_shows_what_passed_and_what_does_not_apply),
		cmocka_unit_test(the_gate_is_said_in_words),
		cmocka_unit_test(a_text_cannot_move_the_cursor),
		cmocka_unit_test(the_same_unknown_is_not_told_for_each_device),
		cmocka_unit_test(what_was_seen_names_its_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
