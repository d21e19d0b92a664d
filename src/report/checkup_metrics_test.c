#include "report/checkup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/outcome.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- a strict reader of the text exposition format 0.0.4 ---- */

enum {
	FAMILIES_MAXIMUM = 32,
	SAMPLES_MAXIMUM = 512,
};

struct exposition {
	struct span families[FAMILIES_MAXIMUM]; /* in the order of their TYPE */
	struct span samples[SAMPLES_MAXIMUM];   /* name and labels, as written */
	size_t family_count, sample_count;
};

static bool is_name(struct span name, bool colon)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = name.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
			      (colon && c == ':');

		if (!letter && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return name.length > 0;
}

/* Cuts a quoted value; only \\, \" and \n are escapes, and only they may follow a backslash. */
static void cut_quoted(struct span *rest)
{
	size_t at = 1;

	assert_true(rest->length > 1 && rest->at[0] == '"');
	while (at < rest->length && rest->at[at] != '"') {
		assert_int_not_equal(rest->at[at], '\n');
		if (rest->at[at] == '\\') {
			at++;
			assert_true(at < rest->length && strchr("\\\"n", rest->at[at]));
		}
		at++;
	}
	assert_true(at < rest->length);
	assert_true(span_is_utf8((struct span){ rest->at, at }, NULL));
	rest->at += at + 1;
	rest->length -= at + 1;
}

/* name="value",…} with each name once. */
static void cut_labels(struct span *rest)
{
	struct span names[16];
	size_t count = 0;
	bool more = true;

	while (more) {
		struct span name = SPAN("");

		assert_true(span_cut(rest, '=', &name));
		assert_true(is_name(name, false));
		for (size_t i = 0; i < count; i++)
			assert_false(span_equal(names[i], name));
		assert_true(count < COUNT(names));
		names[count++] = name;
		cut_quoted(rest);
		assert_true(rest->length > 0);
		more = rest->at[0] == ',';
		assert_true(more || rest->at[0] == '}');
		rest->at++;
		rest->length--;
	}
}

static void read_sample(struct exposition *read, struct span line)
{
	struct span rest = line, key;
	double value;
	size_t name = 0;

	while (name < line.length && line.at[name] != '{' && line.at[name] != ' ')
		name++;
	assert_true(is_name((struct span){ line.at, name }, true));
	/* Samples of a family stand together, behind its TYPE. */
	assert_true(read->family_count > 0);
	assert_true(
		span_equal(read->families[read->family_count - 1], (struct span){ line.at, name }));
	rest.at += name;
	rest.length -= name;
	if (rest.length > 0 && rest.at[0] == '{') {
		rest.at++;
		rest.length--;
		cut_labels(&rest);
	}
	key = (struct span){ line.at, line.length - rest.length };
	for (size_t i = 0; i < read->sample_count; i++)
		assert_false(span_equal(read->samples[i], key));
	assert_true(read->sample_count < SAMPLES_MAXIMUM);
	read->samples[read->sample_count++] = key;
	assert_true(rest.length > 1 && rest.at[0] == ' ');
	assert_true(span_to_double((struct span){ rest.at + 1, rest.length - 1 }, &value));
}

/* HELP and TYPE of a family come once, one after the other, before its samples. */
static void read_head(struct exposition *read, struct span help, struct span type)
{
	struct span name = SPAN(""), named = SPAN("");

	assert_true(span_starts(help, "# HELP "));
	assert_true(span_starts(type, "# TYPE "));
	help.at += 7;
	help.length -= 7;
	type.at += 7;
	type.length -= 7;
	assert_true(span_cut(&help, ' ', &name) && span_cut(&type, ' ', &named));
	assert_true(is_name(name, true) && span_equal(name, named));
	assert_true(help.length > 0 && span_is(type, "gauge"));
	for (size_t i = 0; i < read->family_count; i++)
		assert_false(span_equal(read->families[i], name));
	assert_true(read->family_count < FAMILIES_MAXIMUM);
	read->families[read->family_count++] = name;
}

static void read_all(struct exposition *read, struct span text)
{
	struct span line, next = SPAN("");

	assert_true(text.length > 0 && text.at[text.length - 1] == '\n');
	while (span_cut(&text, '\n', &line)) {
		if (line.length > 0 && line.at[0] == '#') {
			assert_true(span_cut(&text, '\n', &next));
			read_head(read, line, next);
		} else {
			read_sample(read, line);
		}
	}
}

/* ---- the tests ---- */

static const struct said mixed[] = {
	{ .check = "gpu-ecc",
	  .required = true,
	  .verdict = VERDICT_FAIL,
	  .about = "gpu:0000:19:00.0",
	  .text = "3 errors" },
	{ .check = "gpu-ecc",
	  .required = true,
	  .verdict = VERDICT_FAIL,
	  .about = "gpu:0000:19:00.0",
	  .text = "and 4 others" },
	{ .check = "gpu-ecc",
	  .required = true,
	  .verdict = VERDICT_PASS,
	  .about = "gpu:0000:3b:00.0",
	  .text = "none" },
	{ .check = "mount-space",
	  .verdict = VERDICT_WARN,
	  .about = "mount:/a\"b\\c\nd",
	  .text = "full | nearly\nindeed" },
	{ .check = "mount-space", .verdict = VERDICT_UNKNOWN, .text = "who knows" },
	{ .check = "pcie-link", .verdict = VERDICT_NOT_APPLICABLE, .text = "no GPU" },
	{ .check = NULL },
};

static void the_exposition_is_well_formed(void **state)
{
	SCOPED_OUTCOME(outcome);
	SCOPED_TEXT(text);
	struct exposition read = { 0 };

	(void)state;
	outcome_make(&outcome, mixed);
	const struct checkup_report report = { .checkup = &outcome.checkup, .time = 1764115200 };
	checkup_write_prometheus(&report, &text);
	read_all(&read, text_span(&text));
	assert_int_equal(read.family_count, 4);
	/* The gate's four outcome, the time, three checks of six outcome, three findings. */
	assert_int_equal(read.sample_count, 4 + 1 + 3 * VERDICT_COUNT + 3);
}

static void a_label_keeps_its_text_by_escapes(void **state)
{
	SCOPED_OUTCOME(outcome);
	SCOPED_TEXT(text);

	(void)state;
	outcome_make(&outcome, mixed);
	const struct checkup_report report = { .checkup = &outcome.checkup, .time = 1764115200 };
	checkup_write_prometheus(&report, &text);
	assert_non_null(strstr(text_string(&text), "device=\"mount:/a\\\"b\\\\c\\nd\""));
	assert_non_null(strstr(text_string(&text), "assay_check_time_seconds{node=\"node7\"} "
						   "1764115200\n"));
}

static void only_the_verdict_that_is_has_a_one(void **state)
{
	static const char *const lines[] = {
		"assay_gate{node=\"node7\",profile=\"full\",verdict=\"fail\"} 1\n",
		"assay_gate{node=\"node7\",profile=\"full\",verdict=\"pass\"} 0\n",
		"assay_check_verdict{node=\"node7\",check=\"gpu-ecc\",verdict=\"fail\"} 1\n",
		"assay_check_verdict{node=\"node7\",check=\"gpu-ecc\",verdict=\"pass\"} 0\n",
		"assay_check_verdict{node=\"node7\",check=\"mount-space\",verdict=\"unknown\"} 1\n",
		("assay_finding{node=\"node7\",check=\"mount-space\",device=\"\","
		 "verdict=\"unknown\"} 1\n"),
	};
	SCOPED_OUTCOME(outcome);
	SCOPED_TEXT(text);

	(void)state;
	outcome_make(&outcome, mixed);
	const struct checkup_report report = { .checkup = &outcome.checkup, .time = 1764115200 };
	checkup_write_prometheus(&report, &text);
	for (size_t i = 0; i < COUNT(lines); i++)
		if (!strstr(text_string(&text), lines[i]))
			fail_msg("%s is not in\n%s", lines[i], text_string(&text));
	assert_null(strstr(text_string(&text), "0000:3b:00.0")); /* it passed */
}

static void a_plug_in_ends_as_its_guidelines_ask(void **state)
{
	static const struct {
		enum verdict verdict;
		bool required;
		int status;
		const char *start;
	} cases[] = {
		{ VERDICT_PASS, false, 0, "ASSAY OK - 0 fail, 0 unknown, 0 warn, 1 pass" },
		{ VERDICT_WARN, false, 1, "ASSAY WARNING - 0 fail, 0 unknown, 1 warn, 0 pass" },
		{ VERDICT_FAIL, false, 2, "ASSAY CRITICAL - 1 fail" },
		{ VERDICT_UNKNOWN, true, 3, "ASSAY UNKNOWN - 0 fail, 1 unknown" },
		{ VERDICT_STALE, true, 3, "ASSAY UNKNOWN - 0 fail, 1 unknown" },
		{ VERDICT_NOT_APPLICABLE, true, 3, "ASSAY UNKNOWN - 0 fail, 0 unknown" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct said said[] = {
			{ .check = "a-a",
			  .required = cases[i].required,
			  .verdict = cases[i].verdict,
			  .text = "so it is" },
			{ .check = NULL },
		};
		SCOPED_OUTCOME(outcome);
		SCOPED_TEXT(text);

		outcome_make(&outcome, said);
		const struct checkup_report report = { .checkup = &outcome.checkup };
		checkup_write_nagios(&report, &text);
		assert_int_equal(checkup_nagios_status(&outcome.checkup), cases[i].status);
		assert_ptr_equal(strstr(text_string(&text), cases[i].start), text_string(&text));
	}
}

static void a_plug_in_says_one_line_and_its_data_behind_a_bar(void **state)
{
	static const struct said said[] = {
		{ .check = "a-a", .verdict = VERDICT_FAIL, .text = "a | b\nc\x1b[2J" },
		{ .check = "a-b", .verdict = VERDICT_FAIL, .text = "second" },
		{ .check = "a-c", .verdict = VERDICT_FAIL, .text = "third" },
		{ .check = "a-d", .verdict = VERDICT_FAIL, .text = "fourth" },
		{ .check = NULL },
	};
	SCOPED_OUTCOME(outcome);
	SCOPED_TEXT(text);

	(void)state;
	outcome_make(&outcome, said);
	const struct checkup_report report = { .checkup = &outcome.checkup };
	checkup_write_nagios(&report, &text);
	assert_string_equal(text_string(&text),
			    "ASSAY CRITICAL - 4 fail, 0 unknown, 0 warn, 0 pass; a-a: a / b/c?[2J; "
			    "a-b: second; a-c: third | fail=4 unknown=0 warn=0 pass=0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_exposition_is_well_formed),
		cmocka_unit_test(a_label_keeps_its_text_by_escapes),
		cmocka_unit_test(only_the_verdict_that_is_has_a_one),
		cmocka_unit_test(a_plug_in_ends_as_its_guidelines_ask),
		cmocka_unit_test(a_plug_in_says_one_line_and_its_data_behind_a_bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
