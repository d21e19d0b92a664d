#include "probe/question.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	MS = 1000000,
	CALL_LIMIT_NS = 100 * MS,
};

/* Does what the question asks for. */
static void answer(struct worker_port *port, const struct host *host, const char *question,
		   struct arena *arena)
{
	(void)host;
	(void)arena;
	if (strncmp(question, "hang", 4) == 0)
		for (;;)
			(void)pause();
	if (strncmp(question, "slow", 4) == 0)
		(void)nanosleep(&(struct timespec){ .tv_nsec = 60 * MS }, NULL);
	if (strncmp(question, "die", 3) == 0)
		(void)raise(SIGKILL);
	if (strncmp(question, "quit", 4) == 0)
		_exit(EXIT_SUCCESS);
	if (strncmp(question, "flood", 5) == 0)
		for (unsigned i = 0; i <= WORKER_ANSWERS_MAXIMUM; i++)
			worker_answers(port, "again");
	if (strncmp(question, "silent", 6) != 0)
		worker_answers(port, "yes %s", question);
}

static struct questioning make(int64_t total_limit_ns)
{
	return (struct questioning){
		.name = "test",
		.function = answer,
		.call_limit_ns = CALL_LIMIT_NS,
		.total_limit_ns = total_limit_ns,
	};
}

static void check(const struct question *question, enum question_end end, const char *words)
{
	if (question->end != end)
		fail_msg("'%s' ended with %u (%.*s), expected %u", question->text, question->end,
			 SPAN_ARGS(question->words), end);
	if (!span_is(question->words, words))
		fail_msg("'%s': '%.*s', expected '%s'", question->text, SPAN_ARGS(question->words),
			 words);
}

static void what_stalls_or_dies_hides_no_other(void **state)
{
	struct question questions[] = {
		{ .text = "a" }, { .text = "hang-1" }, { .text = "silent" }, { .text = "die" },
		{ .text = "b" }, { .text = "quit" },   { .text = "hang-2" }, { .text = "c" },
	};
	const struct questioning questioning = make(20ll * CALL_LIMIT_NS);
	SCOPED_ARENA(arena);

	(void)state;
	questions_ask(&questioning, questions, COUNT(questions), &arena);
	check(&questions[0], QUESTION_ANSWERED, "yes a");
	check(&questions[1], QUESTION_STALLED, "");
	check(&questions[2], QUESTION_ANSWERED, "");
	check(&questions[3], QUESTION_FAILED, "asking ended the process, signal 9");
	check(&questions[4], QUESTION_ANSWERED, "yes b");
	check(&questions[5], QUESTION_FAILED, "asking ended the process, signal 0");
	check(&questions[6], QUESTION_STALLED, "");
	check(&questions[7], QUESTION_ANSWERED, "yes c");
}

static void answers_without_end_are_stopped(void **state)
{
	struct question questions[] = { { .text = "flood" }, { .text = "a" } };
	struct questioning questioning = make(500ll * CALL_LIMIT_NS);
	SCOPED_ARENA(arena);

	(void)state;
	questioning.call_limit_ns = 200ll * CALL_LIMIT_NS;
	questions_ask(&questioning, questions, COUNT(questions), &arena);
	check(&questions[0], QUESTION_FAILED, "asking gave answers without end");
	check(&questions[1], QUESTION_ANSWERED, "yes a");
}

static void the_time_for_all_is_kept(void **state)
{
	struct question questions[12] = { { .text = "first" } };
	const struct questioning questioning = make(2ll * CALL_LIMIT_NS + CALL_LIMIT_NS / 2);
	SCOPED_ARENA(arena);
	unsigned stalled = 0, not_asked = 0;
	struct timespec start, end;

	(void)state;
	for (size_t i = 1; i < COUNT(questions); i++)
		questions[i].text = "hang";
	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	questions_ask(&questioning, questions, COUNT(questions), &arena);
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	check(&questions[0], QUESTION_ANSWERED, "yes first");
	for (size_t i = 1; i < COUNT(questions); i++) {
		stalled += questions[i].end == QUESTION_STALLED;
		not_asked += questions[i].end == QUESTION_NOT_ASKED;
	}
	assert_in_range(stalled, 1, 3);
	assert_int_equal(stalled + not_asked, COUNT(questions) - 1);
	check(&questions[COUNT(questions) - 1], QUESTION_NOT_ASKED,
	      "there was no time left to ask");
	assert_true(end.tv_sec - start.tv_sec < 5);
}

/* Each is in time, all together are not: none of them has stalled. */
static void a_slow_crowd_is_not_one_that_stalls(void **state)
{
	struct question questions[8];
	const struct questioning questioning = make(150ll * MS);
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(questions); i++)
		questions[i].text = "slow";
	questions_ask(&questioning, questions, COUNT(questions), &arena);
	for (size_t i = 0; i < COUNT(questions); i++)
		assert_int_not_equal(questions[i].end, QUESTION_STALLED);
	assert_int_equal(questions[COUNT(questions) - 1].end, QUESTION_NOT_ASKED);
}

static void many_questions_take_several_requests(void **state)
{
	enum {
		MANY = QUESTIONS_MAXIMUM + 3,
	};
	SCOPED_ARENA(arena);
	struct question *questions = ARENA_ARRAY(&arena, struct question, MANY);
	const struct questioning questioning = make(100ll * CALL_LIMIT_NS);

	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		questions[i].text = arena_format(&arena, "question-with-a-long-name-%u", i);
	questions_ask(&questioning, questions, MANY, &arena);
	for (unsigned i = 0; i < QUESTIONS_MAXIMUM; i++)
		check(&questions[i], QUESTION_ANSWERED,
		      arena_format(&arena, "yes question-with-a-long-name-%u", i));
	for (unsigned i = QUESTIONS_MAXIMUM; i < MANY; i++)
		assert_int_equal(questions[i].end, QUESTION_NOT_ASKED);
}

static void limits_that_are_none_ask_nothing(void **state)
{
	struct question questions[] = { { .text = "a" } };
	struct questioning questioning = make(0);
	SCOPED_ARENA(arena);

	(void)state;
	questions_ask(&questioning, questions, 1, &arena);
	check(&questions[0], QUESTION_NOT_ASKED, "there was no time left to ask");
	questioning.total_limit_ns = CALL_LIMIT_NS;
	questioning.call_limit_ns = 0;
	questions_ask(&questioning, questions, 1, &arena);
	assert_int_equal(questions[0].end, QUESTION_FAILED);
	assert_true(questions[0].words.length > 0);
	questions_ask(&questioning, NULL, 0, &arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stalls_or_dies_hides_no_other),
		cmocka_unit_test(answers_without_end_are_stopped),
		cmocka_unit_test(the_time_for_all_is_kept),
		cmocka_unit_test(a_slow_crowd_is_not_one_that_stalls),
		cmocka_unit_test(many_questions_take_several_requests),
		cmocka_unit_test(limits_that_are_none_ask_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
