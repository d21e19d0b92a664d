#include "host/worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define MS 1000000ll

static void pause_ms(long ms)
{
	const struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	(void)nanosleep(&pause, NULL);
}

static int64_t now_ms(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void say_descriptors(struct worker_port *port)
{
	for (int fd = 0; fd < 200; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			worker_answers(port, "%d", fd);
	}
}

static void say_signals(struct worker_port *port)
{
	struct sigaction action;
	sigset_t blocked;

	(void)sigaction(SIGUSR1, NULL, &action);
	(void)sigprocmask(SIG_BLOCK, NULL, &blocked);
	worker_answers(port, "%s %s", action.sa_handler == SIG_DFL ? "default" : "other",
		       sigismember(&blocked, SIGUSR2) ? "blocked" : "open");
}

static void say_long_and_garbage(struct worker_port *port)
{
	char line[WORKER_LINE_MAXIMUM + 100];

	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	worker_answers(port, "%s", line);
	worker_answers(port, "a\nb\tc\x1b[2J \xff\xc3(\xc3\xb6");
	worker_answers(port, "%s", "");
}

static void say_at_a_pace(struct worker_port *port)
{
	for (unsigned i = 0; i < 8; i++) {
		worker_calls(port, "step %u", i);
		pause_ms(50);
	}
	worker_answers(port, "all");
}

static void misbehave(struct worker_port *port, const char *request)
{
	if (strcmp(request, "stall") == 0) {
		worker_answers(port, "before");
		worker_calls(port, "nvmlInit %s", "gpu:0000:19:00.0");
		pause_ms(60000);
	} else if (strcmp(request, "silent stall") == 0) {
		pause_ms(60000);
	} else if (strcmp(request, "crash") == 0) {
		worker_calls(port, "crashing");
		worker_answers(port, "last words");
		(void)kill(getpid(), SIGSEGV);
	} else if (strcmp(request, "exit") == 0) {
		_exit(3);
	} else if (strcmp(request, "flood") == 0) {
		for (;;)
			worker_answers(port, "more");
	} else if (strcmp(request, "scribble") == 0) {
		(void)send(3, "?!", 2, MSG_NOSIGNAL);
		pause_ms(60000);
	}
}

/* Does what the request says; `state` counts the requests that this child has had. */
static void serve(struct worker_port *port, const char *request, void **state, const void *context)
{
	if (!*state)
		*state = calloc(1, sizeof(int));
	int *count = *state;

	++*count;
	worker_calls(port, "starting");
	if (strcmp(request, "count") == 0)
		worker_answers(port, "%s %d", (const char *)context, *count);
	else if (strcmp(request, "descriptors") == 0)
		say_descriptors(port);
	else if (strcmp(request, "signals") == 0)
		say_signals(port);
	else if (strcmp(request, "lines") == 0)
		say_long_and_garbage(port);
	else if (strcmp(request, "pace") == 0)
		say_at_a_pace(port);
	else
		misbehave(port, request);
}

struct fixture {
	struct worker worker;
	struct arena arena;
	struct worker_result result;
	size_t descriptors;
};

static size_t count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	(void)closedir(folder);
	return count;
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	fixture->descriptors = count_descriptors();
	fixture->worker = (struct worker){
		.function = serve,
		.context = "request",
		.call_limit_ns = 5000 * MS,
		.total_limit_ns = 10000 * MS,
		.name = "test",
	};
	*state = fixture;
	return 0;
}

/* Each test leaves neither a child, dead or alive, nor a descriptor. */
static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	worker_end(&fixture->worker);
	worker_end(&fixture->worker);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(count_descriptors(), fixture->descriptors);
	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

static void ask(struct fixture *fixture, const char *request)
{
	struct error err = { .text = "" };

	memset(&fixture->result, 0xee, sizeof(fixture->result));
	(void)worker_ask(&fixture->worker, request, &fixture->arena, &fixture->result, &err);
	assert_string_equal(err.text, "");
}

static void assert_answers(const struct fixture *fixture, const char *joined)
{
	char found[512] = "";
	size_t length = 0;

	for (size_t i = 0; i < fixture->result.answer_count; i++)
		length += (size_t)snprintf(found + length, sizeof(found) - length, "%.*s;",
					   SPAN_ARGS(fixture->result.answers[i]));
	assert_string_equal(found, joined);
}

static void a_worker_answers_and_keeps_its_state(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 1; i <= 3; i++) {
		ask(fixture, "count");
		assert_int_equal(fixture->result.end, WORKER_DONE);
		assert_string_equal(fixture->result.call, "starting");
		assert_answers(fixture, arena_format(&fixture->arena, "request %d;", i));
	}
	ask(fixture, "nothing to say");
	assert_int_equal(fixture->result.end, WORKER_DONE);
	assert_int_equal(fixture->result.answer_count, 0);
}

static void a_stalled_call_is_named_and_the_answers_before_it_are_kept(void **state)
{
	struct fixture *fixture = *state;
	int64_t start = now_ms();

	fixture->worker.call_limit_ns = 200 * MS;
	ask(fixture, "stall");
	assert_int_equal(fixture->result.end, WORKER_STALLED);
	assert_string_equal(fixture->result.call, "nvmlInit gpu:0000:19:00.0");
	assert_answers(fixture, "before;");
	assert_in_range(now_ms() - start, 200, 3000);

	/* The next request has a new child, which knows nothing of the last. */
	ask(fixture, "count");
	assert_int_equal(fixture->result.end, WORKER_DONE);
	assert_answers(fixture, "request 1;");
}

static void the_deadline_of_a_call_starts_with_the_call(void **state)
{
	struct fixture *fixture = *state;

	fixture->worker.call_limit_ns = 300 * MS;
	ask(fixture, "pace");
	assert_int_equal(fixture->result.end, WORKER_DONE);
	assert_string_equal(fixture->result.call, "step 7");

	fixture->worker.total_limit_ns = 150 * MS;
	ask(fixture, "pace");
	assert_int_equal(fixture->result.end, WORKER_STALLED);
	assert_answers(fixture, "");
}

static void a_crash_is_told_with_its_signal(void **state)
{
	struct fixture *fixture = *state;

	ask(fixture, "crash");
	assert_int_equal(fixture->result.end, WORKER_DIED);
	assert_int_equal(fixture->result.signal, SIGSEGV);
	assert_string_equal(fixture->result.call, "crashing");
	assert_answers(fixture, "last words;");
	ask(fixture, "exit");
	assert_int_equal(fixture->result.end, WORKER_DIED);
	assert_int_equal(fixture->result.signal, 0);
	ask(fixture, "count");
	assert_answers(fixture, "request 1;");
}

static void a_flood_is_cut_off(void **state)
{
	struct fixture *fixture = *state;

	ask(fixture, "flood");
	assert_int_equal(fixture->result.end, WORKER_FLOODED);
	assert_int_equal(fixture->result.answer_count, WORKER_ANSWERS_MAXIMUM);
	ask(fixture, "count");
	assert_answers(fixture, "request 1;");
}

static void what_was_answered_outlives_a_cancelled_request(void **state)
{
	struct fixture *fixture = *state;
	int descriptor;
	struct error err = { .text = "" };
	bool finished = false;

	assert_true(worker_send(&fixture->worker, "stall", &descriptor, &err));
	pause_ms(200);
	assert_true(worker_receive(&fixture->worker, &fixture->arena, &finished, &fixture->result,
				   &err));
	assert_false(finished);
	worker_cancel(&fixture->worker, &fixture->arena, &fixture->result);
	assert_int_equal(fixture->result.end, WORKER_CANCELLED);
	assert_string_equal(fixture->result.call, "nvmlInit gpu:0000:19:00.0");
	assert_answers(fixture, "before;");
	ask(fixture, "count");
	assert_answers(fixture, "request 1;");
}

static void a_child_that_breaks_the_rules_counts_as_dead(void **state)
{
	struct fixture *fixture = *state;

	ask(fixture, "scribble");
	assert_int_equal(fixture->result.end, WORKER_DIED);
	assert_int_equal(fixture->result.signal, 0);
}

static void lines_are_bounded_and_garbage_is_a_question_mark(void **state)
{
	struct fixture *fixture = *state;

	ask(fixture, "lines");
	assert_int_equal(fixture->result.answer_count, 3);
	assert_int_equal(fixture->result.answers[0].length, WORKER_LINE_MAXIMUM);
	assert_true(span_is(fixture->result.answers[1], "a?b\tc?[2J ?"
							"?(\xc3\xb6"));
	assert_int_equal(fixture->result.answers[2].length, 0);
}

static void the_child_has_its_own_descriptor_only(void **state)
{
	struct fixture *fixture = *state;
	int more[2];

	assert_int_equal(pipe(more), 0);
	ask(fixture, "descriptors");
	(void)close(more[0]);
	(void)close(more[1]);
	assert_answers(fixture, "0;1;2;3;");
}

static void the_child_has_default_signals(void **state)
{
	struct fixture *fixture = *state;
	sigset_t set;

	(void)signal(SIGUSR1, SIG_IGN);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR2);
	assert_int_equal(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	ask(fixture, "signals");
	assert_int_equal(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
	(void)signal(SIGUSR1, SIG_DFL);
	assert_answers(fixture, "default open;");
}

static void a_child_that_died_in_between_is_replaced(void **state)
{
	struct fixture *fixture = *state;

	ask(fixture, "count");
	assert_int_equal(kill(fixture->worker.process, SIGKILL), 0);
	pause_ms(50);
	ask(fixture, "count");
	assert_int_equal(fixture->result.end, WORKER_DONE);
	assert_answers(fixture, "request 1;");
}

/* Polls as an event loop does, and returns how often it looked. */
static unsigned receive(struct fixture *fixture, int descriptor)
{
	bool finished = false;
	unsigned looks = 0;

	while (!finished) {
		struct pollfd waited = { .fd = descriptor, .events = POLLIN };

		(void)poll(&waited, 1, 20);
		assert_true(worker_receive(&fixture->worker, &fixture->arena, &finished,
					   &fixture->result, NULL));
		looks++;
	}
	return looks;
}

static void an_event_loop_need_not_wait(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	int descriptor = -1;
	int64_t start = now_ms();

	assert_true(worker_send(&fixture->worker, "pace", &descriptor, NULL));
	assert_true(now_ms() - start < 300);
	assert_true(descriptor >= 0);
	assert_false(worker_send(&fixture->worker, "count", &descriptor, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_true(receive(fixture, descriptor) > 3);
	assert_int_equal(fixture->result.end, WORKER_DONE);
	assert_answers(fixture, "all;");

	fixture->worker.total_limit_ns = 100 * MS;
	assert_true(worker_send(&fixture->worker, "silent stall", &descriptor, NULL));
	(void)receive(fixture, descriptor);
	assert_int_equal(fixture->result.end, WORKER_STALLED);
	assert_string_equal(fixture->result.call, "starting");
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct fixture *fixture = *state;
	bool finished = false;
	struct error err;
	int descriptor = -1;
	char *large = arena_take(&fixture->arena, 70001);

	assert_false(worker_receive(&fixture->worker, &fixture->arena, &finished, &fixture->result,
				    &err));
	assert_int_equal(err.code, ERROR_INVALID);
	memset(large, 'x', 70000);
	assert_false(worker_send(&fixture->worker, large, &descriptor, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_false(worker_send(&fixture->worker, "", &descriptor, &err));
	fixture->worker.call_limit_ns = 0;
	assert_false(worker_send(&fixture->worker, "count", &descriptor, &err));
	assert_int_equal(err.code, ERROR_INVALID);
}

/* A parent between this process and the child ends; the child has to go with it. */
static void the_child_ends_with_its_parent(void **state)
{
	struct fixture *fixture = *state;
	int told[2];
	pid_t child = 0;

	assert_int_equal(pipe(told), 0);
	pid_t parent = fork();
	if (parent == 0) {
		int descriptor = -1;

		(void)worker_send(&fixture->worker, "silent stall", &descriptor, NULL);
		(void)!write(told[1], &fixture->worker.process, sizeof(child));
		pause_ms(50);
		_exit(0);
	}
	assert_int_equal(read(told[0], &child, sizeof(child)), sizeof(child));
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	(void)close(told[0]);
	(void)close(told[1]);

	/* A zombie that nobody has buried yet is an end as well. */
	char line[256] = "";
	for (unsigned i = 0; i < 100; i++) {
		FILE *file = fopen(arena_format(&fixture->arena, "/proc/%d/stat", child), "re");

		line[0] = '\0';
		if (file) {
			(void)!fgets(line, sizeof(line), file);
			(void)fclose(file);
		}
		if (line[0] == '\0' || strstr(line, ") Z "))
			return;
		pause_ms(20);
	}
	fail_msg("the child is still there: %s", line);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_worker_answers_and_keeps_its_state),
		CASE(a_stalled_call_is_named_and_the_answers_before_it_are_kept),
		CASE(the_deadline_of_a_call_starts_with_the_call),
		CASE(a_crash_is_told_with_its_signal),
		CASE(a_flood_is_cut_off),
		CASE(what_was_answered_outlives_a_cancelled_request),
		CASE(a_child_that_breaks_the_rules_counts_as_dead),
		CASE(lines_are_bounded_and_garbage_is_a_question_mark),
		CASE(the_child_has_its_own_descriptor_only),
		CASE(the_child_has_default_signals),
		CASE(a_child_that_died_in_between_is_replaced),
		CASE(an_event_loop_need_not_wait),
		CASE(what_makes_no_sense_is_refused),
		CASE(the_child_ends_with_its_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
