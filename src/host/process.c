#define _GNU_SOURCE /* pipe2, posix_spawn_file_actions_add…_np */

#include "host/process.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "host/below.h"
#include "host/clock.h"
#include "host/recorded.h"
#include "host/recorder.h"

enum {
	PIECE_SIZE = 16 << 10,
	PIECES_AT_ONCE = 64, /* of one pipe, before the clock is looked at again */
	BURY_NS = 100 * NS_PER_MS,
	AWAIT_NS = 50 * NS_PER_MS,
	STEP_NS = 2 * NS_PER_MS,
	ENVIRONMENT_MAXIMUM = 64,
};

#define SYSTEM_PATH "/usr/sbin:/usr/bin:/sbin:/bin"

/* One of the two outputs. */
struct outlet {
	int fd; /* -1 once it has ended */
	size_t maximum;
	struct text *into;
	bool cut;
};

struct running {
	pid_t process;
	int64_t deadline_ns;
	struct process_limits limits;
	bool stopped;
	struct outlet outlets[2];
};

/* Where the program lies. */
static bool find_program(const char *name, char ret_path[static PATH_MAX], struct error *err)
{
	struct span folders = SPAN(SYSTEM_PATH);
	struct span folder;

	if (name[0] == '/' && strlen(name) < PATH_MAX) {
		memcpy(ret_path, name, strlen(name) + 1);
		if (access(ret_path, F_OK) == 0)
			return true;
		return fail_system(err, "looking for", name);
	}
	while (!strchr(name, '/') && span_cut(&folders, ':', &folder)) {
		int needed = snprintf(ret_path, PATH_MAX, "%.*s/%s", SPAN_ARGS(folder), name);

		if (needed > 0 && needed < PATH_MAX && access(ret_path, X_OK) == 0)
			return true;
	}
	return fail(err, ERROR_MISSING, "no program '%s' in %s", name, SYSTEM_PATH);
}

/* No input, both outputs into pipes, nothing else; a group of its own and default signals. */
static int prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes,
		   const int outputs[static 2])
{
	sigset_t all;
	sigset_t none;
	int fault = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);

	(void)sigfillset(&all);
	(void)sigemptyset(&none);
	if (fault == 0)
		fault = posix_spawn_file_actions_adddup2(actions, outputs[0], 1);
	if (fault == 0)
		fault = posix_spawn_file_actions_adddup2(actions, outputs[1], 2);
	if (fault == 0)
		fault = posix_spawn_file_actions_addclosefrom_np(actions, 3);
	if (fault == 0)
		fault = posix_spawnattr_setsigdefault(attributes, &all);
	if (fault == 0)
		fault = posix_spawnattr_setsigmask(attributes, &none);
	if (fault == 0)
		fault = posix_spawnattr_setpgroup(attributes, 0);
	if (fault == 0)
		fault = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP |
								     POSIX_SPAWN_SETSIGDEF |
								     POSIX_SPAWN_SETSIGMASK);
	return fault;
}

/* The minimal environment and what is added to it, at most ENVIRONMENT_MAXIMUM in all. */
static void fill_environment(const char *const *more,
			     const char *ret_environment[static ENVIRONMENT_MAXIMUM + 1])
{
	size_t count = 0;

	ret_environment[count++] = "PATH=" SYSTEM_PATH;
	ret_environment[count++] = "LC_ALL=C.UTF-8";
	for (size_t i = 0; more && more[i]; i++) {
		assert(count < ENVIRONMENT_MAXIMUM);
		ret_environment[count++] = more[i];
	}
	ret_environment[count] = NULL;
}

/* 0 or an errno. */
static int spawn(const char *path, const char *const *words, const struct process_limits *limits,
		 const int outputs[static 2], pid_t *ret_process)
{
	const char *variables[ENVIRONMENT_MAXIMUM + 1];
	char *const *environment;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char *const *arguments;
	int fault = posix_spawn_file_actions_init(&actions);

	if (fault != 0)
		return fault;
	fault = posix_spawnattr_init(&attributes);
	if (fault != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return fault;
	}
	fill_environment(limits->environment, variables);
	/* posix_spawn does not write to the words, though its type would let it. */
	const char *const *read_only = variables;
	memcpy(&arguments, &words, sizeof(arguments));
	memcpy(&environment, &read_only, sizeof(environment));
	fault = prepare(&actions, &attributes, outputs);
	if (fault == 0 && limits->folder)
		fault = posix_spawn_file_actions_addchdir_np(&actions, limits->folder);
	if (fault == 0)
		fault = posix_spawn(ret_process, path, &actions, &attributes, arguments,
				    environment);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	return fault;
}

/* A pipe whose reading end does not wait and whose ends lie beyond the three that are put in
 * their place. */
static bool open_pipe(int *ret_read, int *ret_write)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	for (unsigned i = 0; i < 2; i++) {
		int low = ends[i];

		if (low > 2)
			continue;
		ends[i] = fcntl(low, F_DUPFD_CLOEXEC, 3);
		(void)close(low);
	}
	*ret_read = ends[0];
	*ret_write = ends[1];
	return ends[0] >= 0 && ends[1] >= 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

static bool start(const char *path, const char *const *words, struct running *running,
		  struct error *err)
{
	SCOPED_FD(output) = -1;
	SCOPED_FD(complaints) = -1;
	int outputs[2];

	if (!open_pipe(&running->outlets[0].fd, &output) ||
	    !open_pipe(&running->outlets[1].fd, &complaints))
		return fail(err, ERROR_IO, "starting '%s': no pipe: %s", path, strerror(errno));
	outputs[0] = output;
	outputs[1] = complaints;
	errno = spawn(path, words, &running->limits, outputs, &running->process);
	if (errno != 0)
		return fail_system(err, "starting", path);
	return true;
}

/* Takes what the pipe holds; false at its end. */
static bool drain(struct outlet *outlet)
{
	char piece[PIECE_SIZE];

	for (unsigned i = 0; i < PIECES_AT_ONCE; i++) {
		ssize_t more = read(outlet->fd, piece, sizeof(piece));
		size_t room = outlet->maximum - outlet->into->length;

		if (more < 0 && (errno == EINTR || errno == EAGAIN))
			return true;
		if (more <= 0)
			return false;
		if ((size_t)more > room)
			outlet->cut = true;
		text_add_span(outlet->into,
			      (struct span){ .at = piece,
					     .length = (size_t)more > room ? room : (size_t)more });
	}
	return true;
}

static void close_outlet(struct outlet *outlet)
{
	close_descriptor(&outlet->fd);
	outlet->fd = -1;
}

/* False at the deadline, or when whoever waits wants no more. */
static bool goes_on(struct running *running)
{
	const struct process_limits *limits = &running->limits;

	if (clock_now_ns() >= running->deadline_ns)
		return false;
	running->stopped = limits->goes_on && !limits->goes_on(limits->context);
	return !running->stopped;
}

/* Reads both outputs to their end; false when it has to be ended before. */
static bool follow_outputs(struct running *running)
{
	struct outlet *outlets = running->outlets;

	while (outlets[0].fd >= 0 || outlets[1].fd >= 0) {
		struct pollfd waited[2] = {
			{ .fd = outlets[0].fd, .events = POLLIN },
			{ .fd = outlets[1].fd, .events = POLLIN },
		};

		if (!goes_on(running))
			return false;
		if (poll(waited, 2, clock_poll_ms(running->deadline_ns - clock_now_ns())) <= 0)
			continue;
		for (unsigned i = 0; i < 2; i++) {
			if (waited[i].revents != 0 && !drain(&outlets[i]))
				close_outlet(&outlets[i]);
		}
	}
	return true;
}

/* Waits for the end of the program, which stays a zombie, so that its group's name stays its own.
 */
static bool await(pid_t process, int64_t deadline_ns)
{
	for (;;) {
		siginfo_t ended = { .si_pid = 0 };
		int fault = waitid(P_PID, (id_t)process, &ended, WEXITED | WNOHANG | WNOWAIT);

		if (fault == 0 && ended.si_pid == process)
			return true;
		if (fault != 0 && errno != EINTR)
			return true;
		if (clock_now_ns() >= deadline_ns)
			return false;
		clock_sleep_ns(STEP_NS);
	}
}

/* The program may have closed its outputs long before it ends. */
static bool await_end(struct running *running)
{
	while (!await(running->process, clock_now_ns() + AWAIT_NS)) {
		if (!goes_on(running))
			return false;
	}
	return true;
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Ends what is left of the program's group, and buries it unless the kernel holds it. */
static void finish(struct running *running, struct process_result *result)
{
	bool ended = follow_outputs(running) && await_end(running);
	int status = 0;

	if (!ended && running->limits.ending_ns > 0) {
		(void)kill(-running->process, SIGTERM);
		(void)await(running->process, clock_now_ns() + running->limits.ending_ns);
	}
	(void)kill(-running->process, SIGKILL);
	(void)await(running->process, clock_now_ns() + BURY_NS);
	bool buried = waitpid(running->process, &status, WNOHANG) == running->process;
	for (unsigned i = 0; i < 2; i++)
		if (running->outlets[i].fd >= 0)
			(void)drain(&running->outlets[i]);
	result->stalled = !ended && !running->stopped;
	result->stopped = running->stopped;
	result->status = ended && buried ? status_of(status) : -1;
}

struct process {
	struct running running;
	struct text said, complained;
};

static void forget(struct process *process)
{
	close_outlet(&process->running.outlets[0]);
	close_outlet(&process->running.outlets[1]);
	text_release(&process->said);
	text_release(&process->complained);
	free(process);
}

static bool start_live(const char *const *words, struct process_limits limits,
		       struct process **ret_process, struct error *err)
{
	struct process *process = calloc(1, sizeof(*process));
	size_t maximum = limits.maximum;
	char path[PATH_MAX];

	if (!process)
		memory_exhausted(sizeof(*process));
	process->running = (struct running){
		.deadline_ns = clock_now_ns() + limits.limit_ns,
		.limits = limits,
		.outlets = {
			{ .fd = -1, .maximum = maximum, .into = &process->said },
			{ .fd = -1, .maximum = maximum, .into = &process->complained },
		},
	};
	process->said.maximum = maximum > 0 ? maximum : 1;
	process->complained.maximum = process->said.maximum;
	if (!find_program(words[0], path, err) || !start(path, words, &process->running, err)) {
		forget(process);
		return false;
	}
	*ret_process = process;
	return true;
}

bool host_is_running(const struct process *process)
{
	return !await(process->running.process, INT64_MIN);
}

void host_ask_to_end(const struct process *process)
{
	if (host_is_running(process))
		(void)kill(-process->running.process, SIGTERM);
}

void host_await(struct process *process, struct arena *arena, struct process_result *ret_result)
{
	struct process_result result = { .status = -1 };

	finish(&process->running, &result);
	result.cut = process->running.outlets[0].cut || process->running.outlets[1].cut;
	result.said = text_span(&process->said);
	result.said.at = arena_string(arena, result.said);
	result.complained = text_span(&process->complained);
	result.complained.at = arena_string(arena, result.complained);
	forget(process);
	*ret_result = result;
}

void host_end(struct process *process)
{
	struct process_result result;

	if (!process)
		return;
	process->running.deadline_ns = clock_now_ns();
	finish(&process->running, &result);
	forget(process);
}

bool host_start(const struct host *host, const char *const *words, struct process_limits limits,
		struct process **ret_process, struct error *err)
{
	if (host && (host->capture || host_root_of(host, "/")))
		return fail(err, ERROR_UNSUPPORTED, "'%s' is not run: another machine is looked at",
			    words[0]);
	return start_live(words, limits, ret_process, err);
}

static bool run_live(const char *const *words, struct process_limits limits, struct arena *arena,
		     struct process_result *ret_result, struct error *err)
{
	struct process *process;

	if (!start_live(words, limits, &process, err))
		return false;
	host_await(process, arena, ret_result);
	return true;
}

bool host_run(const struct host *host, const char *const *words, struct process_limits limits,
	      struct arena *arena, struct process_result *ret_result, struct error *err)
{
	struct error said = { .code = ERROR_NONE };
	bool good;

	if (host && host->capture)
		good = capture_run(host, words, arena, ret_result, &said);
	else if (host_root_of(host, "/"))
		good = fail(&said, ERROR_MISSING, "'%s' is not run: another machine is looked at",
			    words[0]);
	else
		good = run_live(words, limits, arena, ret_result, &said);
	if (good && host && host->recorder)
		recorder_keep_run(host, words, ret_result);
	else if (host && host->recorder)
		recorder_keep_missing_run(host, words, &said);
	if (!good && err)
		*err = said;
	return good;
}
