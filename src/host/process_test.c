#include "host/process.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define MS 1000000ll

struct fixture {
	struct host host;
	struct arena arena;
	struct process_result result;
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

static int64_t now_ms(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	fixture->descriptors = count_descriptors();
	*state = fixture;
	return 0;
}

/* Each test leaves neither a child, dead or alive, nor a descriptor. */
static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(count_descriptors(), fixture->descriptors);
	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

/* Runs a line of shell. */
static void run(struct fixture *fixture, const char *line, int64_t limit_ms, size_t maximum)
{
	const char *const words[] = { "/bin/sh", "-c", line, NULL };
	struct error err = { .text = "" };

	memset(&fixture->result, 0xee, sizeof(fixture->result));
	(void)host_run(&fixture->host, words,
		       (struct process_limits){ .limit_ns = limit_ms * MS, .maximum = maximum },
		       &fixture->arena, &fixture->result, &err);
	assert_string_equal(err.text, "");
}

static void both_outputs_and_the_status_are_taken(void **state)
{
	struct fixture *fixture = *state;

	run(fixture, "echo out; echo err >&2; exit 7", 10000, 100);
	assert_int_equal(fixture->result.status, 7);
	assert_false(fixture->result.stalled);
	assert_false(fixture->result.cut);
	assert_string_equal(fixture->result.said.at, "out\n");
	assert_string_equal(fixture->result.complained.at, "err\n");
	run(fixture, "kill -TERM $$", 10000, 100);
	assert_int_equal(fixture->result.status, 128 + SIGTERM);
	assert_int_equal(fixture->result.said.length, 0);
}

static void a_program_has_no_input_and_little_environment(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(setenv("ASSAY_SECRET", "x", 1), 0);
	run(fixture, "cat; env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= | sort", 10000, 1000);
	assert_int_equal(unsetenv("ASSAY_SECRET"), 0);
	assert_string_equal(fixture->result.said.at,
			    "LC_ALL=C.UTF-8\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\n");
}

static void a_program_has_no_descriptor_of_ours(void **state)
{
	struct fixture *fixture = *state;
	int more[2];

	assert_int_equal(pipe(more), 0);
	run(fixture, "for i in 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$i ] && echo $i; done; true",
	    10000, 100);
	(void)close(more[0]);
	(void)close(more[1]);
	assert_string_equal(fixture->result.said.at, "");
}

static void a_stall_ends_at_the_deadline_with_what_was_said(void **state)
{
	struct fixture *fixture = *state;
	int64_t start = now_ms();

	run(fixture, "echo before; sleep 60; echo after", 300, 100);
	assert_in_range(now_ms() - start, 300, 5000);
	assert_true(fixture->result.stalled);
	assert_int_equal(fixture->result.status, -1);
	assert_string_equal(fixture->result.said.at, "before\n");
	/* Closed outputs do not make an end. */
	run(fixture, "exec >&- 2>&-; sleep 60", 300, 100);
	assert_true(fixture->result.stalled);
}

static bool goes_on_for_a_while(void *context)
{
	unsigned *asked = context;

	return ++*asked < 4;
}

static void whoever_waits_can_end_it(void **state)
{
	static const char *const lines[] = {
		"echo before; sleep 60",
		"exec >&- 2>&-; sleep 60",
	};
	struct fixture *fixture = *state;
	struct error err = { .text = "" };

	for (unsigned i = 0; i < 2; i++) {
		const char *const words[] = { "/bin/sh", "-c", lines[i], NULL };
		int64_t start = now_ms();
		unsigned asked = 0;
		const struct process_limits limits = {
			.limit_ns = 30000 * MS,
			.maximum = 100,
			.goes_on = goes_on_for_a_while,
			.context = &asked,
		};

		assert_true(host_run(&fixture->host, words, limits, &fixture->arena,
				     &fixture->result, &err));
		assert_in_range(now_ms() - start, 0, 5000);
		assert_true(fixture->result.stopped);
		assert_false(fixture->result.stalled);
		assert_int_equal(fixture->result.status, -1);
		assert_string_equal(fixture->result.said.at, i == 0 ? "before\n" : "");
	}
}

static void an_environment_and_a_folder_can_be_given(void **state)
{
	static const char *const environment[] = { "A=1", "B=two words", NULL };
	const char *const words[] = { "/bin/sh", "-c", "pwd; echo $A $B", NULL };
	struct fixture *fixture = *state;
	struct error err = { .text = "" };

	assert_true(host_run(&fixture->host, words,
			     (struct process_limits){ .limit_ns = 10000 * MS,
						      .maximum = 100,
						      .environment = environment,
						      .folder = "/usr" },
			     &fixture->arena, &fixture->result, &err));
	assert_string_equal(fixture->result.said.at, "/usr\n1 two words\n");
}

static void a_flood_is_cut_and_the_program_is_let_finish(void **state)
{
	struct fixture *fixture = *state;

	run(fixture, "head -c 3000000 /dev/zero | tr '\\0' x; echo done >&2", 20000, 1000);
	assert_int_equal(fixture->result.status, 0);
	assert_true(fixture->result.cut);
	assert_int_equal(fixture->result.said.length, 1000);
	assert_string_equal(fixture->result.complained.at, "done\n");
	run(fixture, "yes", 300, 1000);
	assert_true(fixture->result.stalled);
	assert_true(fixture->result.cut);
	run(fixture, "printf 12345", 10000, 5);
	assert_false(fixture->result.cut);
	assert_int_equal(fixture->result.said.length, 5);
}

/* A grandchild keeps the pipe: of the same group, which is killed; then of one of its own. */
static void a_grandchild_that_holds_the_pipe_cannot_hold_us(void **state)
{
	static const char *const lines[] = {
		"echo $$; sleep 61 & exit 0",
		"echo 0; setsid sleep 2 & exit 0",
	};
	struct fixture *fixture = *state;

	for (unsigned i = 0; i < 2; i++) {
		int64_t start = now_ms();

		run(fixture, lines[i], 400, 100);
		assert_in_range(now_ms() - start, 400, 1900);
		assert_true(fixture->result.stalled);
		assert_int_equal(fixture->result.status, -1);
		assert_true(fixture->result.said.length > 1);
	}
}

/* Some process of the group lives; a zombie, which its new parent has not buried yet, is dead. */
static bool group_lives(struct fixture *fixture, int group)
{
	const char *line = arena_format(&fixture->arena,
					"cat /proc/[0-9]*/stat 2>&- | grep -v ' Z ' | "
					"grep -c '^[^)]*) [A-Z] [0-9]* %d '",
					group);

	run(fixture, line, 10000, 100);
	return !span_is(fixture->result.said, "0\n");
}

static void nothing_is_left_of_the_group(void **state)
{
	struct fixture *fixture = *state;
	const struct timespec pause = { .tv_nsec = 20 * 1000000 };
	uint64_t group = 0;

	run(fixture, "sleep 62 >&- 2>&- & echo $$", 10000, 100);
	assert_int_equal(fixture->result.status, 0);
	fixture->result.said.length--;
	assert_true(span_to_u64(fixture->result.said, &group));
	for (unsigned i = 0; i < 100 && group_lives(fixture, (int)group); i++)
		(void)nanosleep(&pause, NULL);
	assert_false(group_lives(fixture, (int)group));
}

static void a_program_is_found_in_the_folders_of_the_system(void **state)
{
	struct fixture *fixture = *state;
	const char *const words[] = { "true", NULL };

	assert_int_equal(setenv("PATH", "/nowhere", 1), 0);
	assert_true(host_run(NULL, words,
			     (struct process_limits){ .limit_ns = 10000 * MS, .maximum = 100 },
			     &fixture->arena, &fixture->result, NULL));
	assert_int_equal(fixture->result.status, 0);
}

static void what_cannot_be_started_is_told(void **state)
{
	static const struct {
		const char *name;
		enum error_code code;
		const char *words;
	} cases[] = {
		{ "assay-no-such-program", ERROR_MISSING, "no program 'assay-no-such-program'" },
		{ "/nowhere/program", ERROR_MISSING, "No such file or directory" },
		{ "bin/true", ERROR_MISSING, "no program" },
		{ "/etc/passwd", ERROR_IO, "Permission denied" },
		{ "/etc", ERROR_IO, "Permission denied" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const words[] = { cases[i].name, NULL };
		struct error err = { .text = "" };

		assert_false(
			host_run(&fixture->host, words,
				 (struct process_limits){ .limit_ns = 1000 * MS, .maximum = 100 },
				 &fixture->arena, &fixture->result, &err));
		assert_int_equal(err.code, cases[i].code);
		assert_non_null(strstr(err.text, cases[i].words));
	}
}

static void nothing_is_run_for_another_machine(void **state)
{
	const struct host other = { .root = "/tmp" };
	const char *const words[] = { "true", NULL };
	struct fixture *fixture = *state;
	struct error err;

	assert_false(host_run(&other, words,
			      (struct process_limits){ .limit_ns = 1000 * MS, .maximum = 100 },
			      &fixture->arena, &fixture->result, &err));
	assert_int_equal(err.code, ERROR_MISSING);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static void a_program_runs_beside_another(void **state)
{
	static const char *const waits[] = { "sh", "-c", "sleep 0.2; echo late; exit 3", NULL };
	static const char *const quick[] = { "echo", "early", NULL };
	const struct process_limits limits = { .limit_ns = 5000 * MS, .maximum = 100 };
	struct fixture *fixture = *state;
	struct process_result late;
	struct process *process;
	struct error err;

	assert_true(host_start(&fixture->host, waits, limits, &process, &err));
	assert_true(
		host_run(&fixture->host, quick, limits, &fixture->arena, &fixture->result, &err));
	assert_true(span_is(fixture->result.said, "early\n"));
	host_await(process, &fixture->arena, &late);
	assert_int_equal(late.status, 3);
	assert_true(span_is(late.said, "late\n"));
}

static void what_has_to_end_may_clean_up_first(void **state)
{
	static const char *const cleans[] = { "sh", "-c",
					      "trap 'echo cleaned; exit 0' TERM; echo begun; "
					      "while :; do sleep 0.05; done",
					      NULL };
	const struct process_limits limits = { .limit_ns = 500 * MS,
					       .maximum = 100,
					       .ending_ns = 5000 * MS };
	struct fixture *fixture = *state;
	struct process_result result;
	struct process *process;
	struct error err;

	assert_true(host_start(&fixture->host, cleans, limits, &process, &err));
	assert_true(host_is_running(process));
	host_await(process, &fixture->arena, &result);
	assert_true(result.stalled);
	assert_true(span_is(result.said, "begun\ncleaned\n"));
}

static void who_is_asked_to_end_need_not_be_awaited_for_it(void **state)
{
	static const char *const waits[] = { "sleep", "60", NULL };
	const struct process_limits limits = { .limit_ns = 100000 * MS, .maximum = 100 };
	struct fixture *fixture = *state;
	struct process_result result;
	struct process *process;
	struct error err;

	assert_true(host_start(&fixture->host, waits, limits, &process, &err));
	host_ask_to_end(process);
	while (host_is_running(process))
		;
	host_ask_to_end(process);
	host_await(process, &fixture->arena, &result);
	assert_false(result.stalled);
}

static void a_program_that_is_not_awaited_is_ended(void **state)
{
	static const char *const waits[] = { "sleep", "60", NULL };
	static const char *const none[] = { "no-such-program", NULL };
	const struct process_limits limits = { .limit_ns = 100000 * MS, .maximum = 100 };
	struct fixture *fixture = *state;
	int64_t began_ms = now_ms();
	struct process *process;
	struct error err;

	assert_true(host_start(&fixture->host, waits, limits, &process, &err));
	host_end(process);
	host_end(NULL);
	assert_true(now_ms() - began_ms < 5000);
	assert_false(host_start(&fixture->host, none, limits, &process, &err));
	assert_int_equal(err.code, ERROR_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(both_outputs_and_the_status_are_taken),
		CASE(a_program_has_no_input_and_little_environment),
		CASE(a_program_has_no_descriptor_of_ours),
		CASE(a_stall_ends_at_the_deadline_with_what_was_said),
		CASE(whoever_waits_can_end_it),
		CASE(an_environment_and_a_folder_can_be_given),
		CASE(a_flood_is_cut_and_the_program_is_let_finish),
		CASE(a_grandchild_that_holds_the_pipe_cannot_hold_us),
		CASE(nothing_is_left_of_the_group),
		CASE(a_program_is_found_in_the_folders_of_the_system),
		CASE(what_cannot_be_started_is_told),
		CASE(nothing_is_run_for_another_machine),
		CASE(a_program_runs_beside_another),
		CASE(what_has_to_end_may_clean_up_first),
		CASE(who_is_asked_to_end_need_not_be_awaited_for_it),
		CASE(a_program_that_is_not_awaited_is_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
