#define _GNU_SOURCE /* pipe2, posix_spawn_file_actions_addclosefrom_np */

#include "host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
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
	STEP_NS = 2 * NS_PER_MS,
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

/* 0 or an errno. */
static int spawn(const char *path, const char *const *words, const int outputs[static 2],
		 pid_t *ret_process)
{
	char search[] = "PATH=" SYSTEM_PATH;
	char locale[] = "LC_ALL=C.UTF-8";
	char *environment[] = { search, locale, NULL };
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
	/* posix_spawn does not write to the words, though its type would let it. */
	memcpy(&arguments, &words, sizeof(arguments));
	fault = prepare(&actions, &attributes, outputs);
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
	errno = spawn(path, words, outputs, &running->process);
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

/* Reads both outputs to their end; false at the deadline. */
static bool follow_outputs(struct running *running)
{
	struct outlet *outlets = running->outlets;

	while (outlets[0].fd >= 0 || outlets[1].fd >= 0) {
		struct pollfd waited[2] = {
			{ .fd = outlets[0].fd, .events = POLLIN },
			{ .fd = outlets[1].fd, .events = POLLIN },
		};
		int64_t left_ns = running->deadline_ns - clock_now_ns();

		if (left_ns <= 0)
			return false;
		if (poll(waited, 2, clock_poll_ms(left_ns)) <= 0)
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

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Ends what is left of the program's group, and buries it unless the kernel holds it. */
static void finish(struct running *running, struct process_result *result)
{
	bool ended = follow_outputs(running) && await(running->process, running->deadline_ns);
	int status = 0;

	(void)kill(-running->process, SIGKILL);
	(void)await(running->process, clock_now_ns() + BURY_NS);
	bool buried = waitpid(running->process, &status, WNOHANG) == running->process;
	result->stalled = !ended;
	result->status = ended && buried ? status_of(status) : -1;
}

static bool run_live(const char *const *words, int64_t limit_ns, size_t maximum,
		     struct arena *arena, struct process_result *ret_result, struct error *err)
{
	char path[PATH_MAX];
	struct process_result result = { .status = -1 };
	struct running running = { .deadline_ns = clock_now_ns() + limit_ns };

	SCOPED_TEXT(said);
	SCOPED_TEXT(complained);
	said.maximum = maximum > 0 ? maximum : 1;
	complained.maximum = said.maximum;
	running.outlets[0] = (struct outlet){ .fd = -1, .maximum = maximum, .into = &said };
	running.outlets[1] = (struct outlet){ .fd = -1, .maximum = maximum, .into = &complained };

	bool started = find_program(words[0], path, err) && start(path, words, &running, err);
	if (started)
		finish(&running, &result);
	close_outlet(&running.outlets[0]);
	close_outlet(&running.outlets[1]);
	if (!started)
		return false;

	result.cut = running.outlets[0].cut || running.outlets[1].cut;
	result.said = text_span(&said);
	result.said.at = arena_string(arena, result.said);
	result.complained = text_span(&complained);
	result.complained.at = arena_string(arena, result.complained);
	*ret_result = result;
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
		good = run_live(words, limits.limit_ns, limits.maximum, arena, ret_result, &said);
	if (good && host && host->recorder)
		recorder_keep_run(host, words, ret_result);
	else if (host && host->recorder)
		recorder_keep_missing_run(host, words, &said);
	if (!good && err)
		*err = said;
	return good;
}
