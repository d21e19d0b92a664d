#include "active/ensemble.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "test/trial.h"

#include <cmocka.h>

#define NS_PER_S 1000000000ll

static void a_reply_is_the_same_behind_a_line(void **state)
{
	static const struct span answers[] = { { "noise", 5 }, { "times 0.5 0.25", 14 } };
	const struct worker_result results[] = {
		{ .end = WORKER_DONE, .answers = answers, .answer_count = 2 },
		{ .end = WORKER_DONE },
		{ .end = WORKER_STALLED, .call = "ncclAllReduce gpu:0000:19:00.0" },
		{ .end = WORKER_DIED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		struct ensemble_reply reply;
		SCOPED_TEXT(line);

		ensemble_reply_write(&results[i], &line);
		assert_true(ensemble_reply_read(text_span(&line), &reply));
		assert_true(reply.was_asked);
		assert_int_equal(reply.end, results[i].end);
		assert_string_equal(reply.call, results[i].call);
		assert_int_equal(reply.has_answer, i == 0);
		if (i == 0)
			assert_int_equal(reply.answer.time_count, 2);
	}
}

static void what_is_no_reply_is_refused(void **state)
{
	static const char *const lines[] = { "", "x", "-1 call", "99 call", "1.5 call" };
	struct ensemble_reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_false(ensemble_reply_read(span_of(lines[i]), &reply));
	assert_true(ensemble_reply_read(SPAN("- "), &reply));
	assert_false(reply.was_asked);
}

/* Ranks of which no library is found all say so; who is asked nothing says nothing. */
static void one_process_alone_asks_its_own_ranks(void **state)
{
	static const char *const gpus[] = { "gpu:0000:19:00.0", "gpu:0000:3b:00.0" };
	static const char *const requests[] = { "join 00 2 0", NULL };
	static const struct active_test test = { .name = "t" };
	static const struct active_step step = { .test = &test };
	const struct ensemble_part part = { 0, 1, gpus, 2 };
	SCOPED_TRIAL(trial);
	struct active_run run = trial_run_make(&trial, &step, 60 * NS_PER_S);
	struct ensemble *ensemble = ARENA_NEW(&trial.arena, struct ensemble);
	struct ensemble_reply replies[2];

	(void)state;
	assert_true(ensemble_meet(ensemble, &run, NULL, &part));
	assert_int_equal(ensemble->rank_count, 2);
	assert_int_equal(ensemble->node_count, 1);
	assert_string_equal(ensemble->ranks[1].gpu, gpus[1]);
	assert_string_equal(ensemble->ranks[1].node, "n1");
	assert_true(ensemble_ask(ensemble, requests, NS_PER_S, replies));
	assert_true(replies[0].was_asked && replies[0].has_answer);
	assert_int_equal(replies[0].answer.said, RANK_ERROR);
	assert_false(replies[1].was_asked);
	ensemble_tell(ensemble, SPAN("v gpu:0000:19:00.0 test.burn.power 7\n"));
	assert_true(trial_run_find(&trial, NODE_TEST_BURN_POWER, gpus[0])->value > 6);
	ensemble_end(ensemble);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_is_the_same_behind_a_line),
		cmocka_unit_test(what_is_no_reply_is_refused),
		cmocka_unit_test(one_process_alone_asks_its_own_ranks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
