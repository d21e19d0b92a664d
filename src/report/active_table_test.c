#include "report/active.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/outcome.h"
#include <cmocka.h>

static const struct report_style plain = { .color = false, .columns = 100 };

static const struct active_test test_copy = { .name = "copy", .title = "copies" };
static const struct active_test test_disk = { .name = "disk", .title = "the disk" };

static const struct said good[] = {
	{ .check = "a-pass", .verdict = VERDICT_PASS, .text = "all is well" },
	{ .check = NULL },
};

struct stage {
	struct active_plan plan;
	struct active_request request;
	struct sightings sightings;
	struct record records[8];
	struct outcome outcome;
};

static void set_up(struct stage *stage)
{
	*stage = (struct stage){
		.request = { .limit_ns = 90000000000 },
		.plan = {
			.count = 2,
			.needed_ns = 12000000000,
			.steps = {
				{ .test = &test_copy, .loads = "8 GPUs", .consent = CONSENT_LOAD,
				  .needed_ns = 12000000000 },
				{ .test = &test_disk, .cannot = "no folder was given",
				  .consent = CONSENT_LOAD },
			},
		},
	};
	outcome_make(&stage->outcome, good);
}

static struct record figure(const char *device, double value)
{
	return (struct record){
		.what = "node.test.duration",
		.says = SAYS_VALUE,
		.value = value,
		.unit = "s",
		.subject = { .parts = { [SUBJECT_DEVICE] = device } },
	};
}

static struct record power(const char *device, double value)
{
	struct record record = figure(device, value);

	record.what = "node.gpu.power";
	record.unit = "W";
	return record;
}

static const char *write(struct stage *stage, const struct active_outcome *outcomes, bool all)
{
	const struct active_report report = {
		.request = &stage->request,
		.plan = &stage->plan,
		.outcomes = outcomes,
		.sightings = &stage->sightings,
		.found = { .checkup = &stage->outcome.checkup, .all = all },
	};
	SCOPED_TEXT(text);

	active_write_table(&report, &plain, &text);
	return arena_string(&stage->outcome.arena, text_span(&text));
}

static void assert_says(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("'%s' is not in:\n%s", words, text);
}

static void a_plan_says_what_would_be_done(void **state)
{
	struct stage stage;
	const char *text;

	(void)state;
	set_up(&stage);
	text = write(&stage, NULL, false);
	assert_says(text, "copy  copies\n    loads   8 GPUs\n    writes  nothing\n"
			  "    takes   about 12 s; needs --consent load\n");
	assert_says(text, "disk  the disk\n    cannot be run here: no folder was given\n");
	assert_says(text, "1 test, about 12 s, never longer than 1 min 30 s. Nothing was run");
	outcome_release(&stage.outcome);
}

static void what_was_measured_of_many_is_one_line(void **state)
{
	static const struct active_outcome outcomes[] = {
		{ .end = ACTIVE_CUT,
		  .reason = "its time was over",
		  .took_s = 12.34,
		  .first = 0,
		  .count = 6 },
		{ .end = ACTIVE_NOT_RUN, .first = 6, .count = 0 },
	};
	struct stage stage;
	const char *text;

	(void)state;
	set_up(&stage);
	stage.records[0] = power("gpu:0000:19:00.0", 612);
	stage.records[1] = power("gpu:0000:3b:00.0", 700);
	stage.records[2] = power("gpu:0000:4c:00.0", 650);
	stage.records[3] = power("gpu:0000:5d:00.0", 0);
	stage.records[3].says = SAYS_UNKNOWN;
	stage.records[3].text = "it stalled";
	stage.records[4] = figure("test:copy", 12);
	stage.records[5] = figure("test:copy", 12);
	stage.records[5].what = "node.test.reason";
	stage.records[5].says = SAYS_TEXT;
	stage.records[5].text = "its time was over";
	stage.sightings.items = stage.records;
	stage.sightings.count = 6;
	text = write(&stage, outcomes, false);
	assert_says(text, "cut short by its limit after 12.3 s: its time was over\n");
	assert_says(text, "gpu.power                gpu:*: 612 W to 700 W, the middle 650 W of 3");
	assert_says(text, "not known of 1: it stalled");
	assert_says(text, "disk  the disk\n    not run\n");
	assert_null(strstr(text, "duration"));
	text = write(&stage, outcomes, true);
	assert_says(text, "0000:3b:00.0: 700 W\n");
	outcome_release(&stage.outcome);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_says_what_would_be_done),
		cmocka_unit_test(what_was_measured_of_many_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
