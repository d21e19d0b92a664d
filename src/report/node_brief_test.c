#include "report/node_brief.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/outcome.h"
#include <cmocka.h>

/* Records about devices, for a machine that outcome.h invents without any. */
static void give_devices(struct outcome *outcome, const char *const *devices, size_t count)
{
	struct record *records = ARENA_ARRAY(&outcome->arena, struct record, count);
	const struct record **list = ARENA_ARRAY(&outcome->arena, const struct record *, count);

	for (size_t i = 0; i < count; i++) {
		records[i] = (struct record){ .what = "node.gpu.name" };
		records[i].subject.parts[SUBJECT_DEVICE] = devices[i];
		list[i] = &records[i];
	}
	outcome->machine.records = list;
	outcome->machine.count = count;
}

static struct node_brief brief_of(struct outcome *outcome)
{
	struct node_brief brief = {
		.provider = "x", .cluster = "", .node = "n1", .rack = "r\"7", .time = 1764115200
	};

	node_brief_of(&outcome->checkup, &brief);
	return brief;
}

static void a_rail_is_as_bad_as_the_worst_of_its_gpu(void **state)
{
	static const char *const devices[] = {
		"gpu:0000:3b:00.0", "gpu:0000:19:00.0", "gpu:0000:19:00.0/link:3",
		"gpu:0000:3b:00.0", "rdma:mlx5_0",      "gpu:0000:ca:00.0"
	};
	const struct said said[] = {
		{ .check = "a-a",
		  .verdict = VERDICT_PASS,
		  .about = "gpu:0000:19:00.0",
		  .text = "t" },
		{ .check = "b-b",
		  .verdict = VERDICT_FAIL,
		  .about = "gpu:0000:19:00.0/link:3",
		  .text = "t" },
		{ .check = "b-b",
		  .verdict = VERDICT_PASS,
		  .about = "gpu:0000:3b:00.0",
		  .text = "t" },
		{ .check = NULL },
	};
	struct node_brief brief;
	SCOPED_OUTCOME(outcome);

	(void)state;
	outcome_make(&outcome, said);
	give_devices(&outcome, devices, sizeof(devices) / sizeof(devices[0]));
	brief = brief_of(&outcome);
	assert_int_equal(brief.rail_count, 3);
	assert_int_equal(brief.rails[0], VERDICT_FAIL);
	assert_int_equal(brief.rails[1], VERDICT_PASS);
	assert_int_equal(brief.rails[2], VERDICT_NOT_APPLICABLE);
	assert_int_equal(brief.gate, VERDICT_FAIL);
	assert_int_equal(brief.life, LIFE_QUARANTINE);
}

static void unknown_never_serves(void **state)
{
	static const struct {
		enum verdict verdict;
		enum node_life life;
	} cases[] = {
		{ VERDICT_PASS, LIFE_SERVE },      { VERDICT_WARN, LIFE_WATCH },
		{ VERDICT_FAIL, LIFE_QUARANTINE }, { VERDICT_UNKNOWN, LIFE_UNKNOWN },
		{ VERDICT_STALE, LIFE_UNKNOWN },   { VERDICT_NOT_APPLICABLE, LIFE_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct said said[] = {
			{ .check = "a-a",
			  .required = true,
			  .verdict = cases[i].verdict,
			  .text = "t" },
			{ .check = NULL },
		};
		SCOPED_OUTCOME(outcome);

		outcome_make(&outcome, said);
		assert_int_equal(brief_of(&outcome).life, cases[i].life);
	}
}

static void a_brief_comes_back_from_its_line(void **state)
{
	static const char *const devices[] = { "gpu:0000:19:00.0" };
	const struct said said[] = {
		{ .check = "a-a",
		  .verdict = VERDICT_WARN,
		  .about = "gpu:0000:19:00.0",
		  .text = "t" },
		{ .check = NULL },
	};
	struct error err = { 0 };
	struct node_brief brief, back;
	SCOPED_ARENA(arena);
	SCOPED_TEXT(line);
	SCOPED_TEXT(again);
	SCOPED_OUTCOME(outcome);

	(void)state;
	outcome_make(&outcome, said);
	give_devices(&outcome, devices, 1);
	brief = brief_of(&outcome);
	node_brief_write(&brief, &line);
	if (!node_brief_read(text_span(&line), "line", &arena, &back, &err))
		fail_msg("%s", err.text);
	assert_string_equal(back.rack, "r\"7");
	assert_int_equal(back.time, 1764115200);
	assert_int_equal(back.rails[0], VERDICT_WARN);
	assert_int_equal(back.counts[VERDICT_WARN], 1);
	node_brief_write(&back, &again);
	assert_string_equal(text_string(&again), text_string(&line));
}

static void what_is_no_brief_is_refused(void **state)
{
	static const char good[] =
		"{\"schema\":\"assay/node/v1\",\"provider\":\"x\",\"cluster\":\"\",\"node\":\"n\","
		"\"rack\":\"\",\"model\":\"\",\"time\":\"2025-11-26T00:00:00Z\",\"gate\":\"pass\","
		"\"life\":\"serve\",\"checks\":{\"pass\":1,\"warn\":0,\"fail\":0,\"unknown\":0,"
		"\"not_applicable\":0,\"stale\":0},\"rails\":[\"pass\"]}";
	static const struct {
		const char *from, *to, *says;
	} changes[] = {
		{ "node/v1", "node/v2", "the schema is not assay/node/v1" },
		{ "00:00Z", "00:00", "time is not of the form" },
		{ "\"gate\":\"pass\"", "\"gate\":\"fine\"", "'fine' is no verdict" },
		{ "[\"pass\"]", "[\"fine\"]", "'fine' is no verdict" },
		{ "serve", "sleep", "life is none of the eight" },
		{ "\"warn\":0,", "", "checks: 'warn' is not a number up to 512" },
		{ "\"fail\":0", "\"fail\":513", "checks: 'fail' is not a number up to 512" },
		{ "\"rack\":\"\",", "", "rack" },
	};
	struct node_brief brief;

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const char *at = strstr(good, changes[i].from);
		struct error err = { 0 };
		SCOPED_ARENA(arena);
		SCOPED_TEXT(line);

		assert_non_null(at);
		text_add_span(&line, (struct span){ good, (size_t)(at - good) });
		text_format(&line, "%s%s", changes[i].to, at + strlen(changes[i].from));
		assert_false(node_brief_read(text_span(&line), "line", &arena, &brief, &err));
		if (!strstr(err.text, changes[i].says))
			fail_msg("'%s' does not say '%s'", err.text, changes[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rail_is_as_bad_as_the_worst_of_its_gpu),
		cmocka_unit_test(unknown_never_serves),
		cmocka_unit_test(a_brief_comes_back_from_its_line),
		cmocka_unit_test(what_is_no_brief_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
