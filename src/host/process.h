/*
 * Programs of the machine, each with a deadline. Few are ever started: what the kernel or a
 * library can say is read.
 */
#pragma once

#include "host/file.h"

struct process_result {
	int status;             /* exit status; 128 + signal; -1 when it was ended */
	bool stalled;           /* killed at the deadline, with its whole process group */
	bool stopped;           /* killed because goes_on() said so, in the same way */
	bool cut;               /* it said more than the maximum; the rest was thrown away */
	struct span said;       /* standard output */
	struct span complained; /* standard error */
};

/* The first two are above 0. */
struct process_limits {
	int64_t limit_ns; /* of the whole run */
	size_t maximum;   /* bytes kept of what it says, and of what it complains */
	/* Asked about every tenth of a second while the program runs; false ends it. NULL: nobody
	 * is asked. */
	bool (*goes_on)(void *context);
	void *context;
	const char *const *environment; /* "NAME=value" besides the minimal one, NULL-terminated */
	/* When it has to be ended it is asked to (SIGTERM), and killed only after so long: for what
	 * has to clean up elsewhere. 0: it is killed at once. */
	int64_t ending_ns;
	const char *folder; /* to run in, absolute; NULL: this process' own */
};

/* Runs `words[0]` (found in a fixed PATH of system folders, an absolute path as it is) with no
 * input, a minimal environment (PATH, LC_ALL=C.UTF-8, and what the limits add) and its output kept
 * up to the maximum. False when it cannot be started; ERROR_MISSING when there is no such program.
 * On a captured machine the recorded result of the same words is given, ERROR_MISSING when there is
 * none. */
bool host_run(const struct host *host, const char *const *words, struct process_limits limits,
	      struct arena *arena, struct process_result *ret_result, struct error *err);

/* A program that runs while others are run: the server of a pair. */
struct process;

/* Starts a program as host_run does, and does not wait; its limit counts from now. What it says up
 * to the size of a pipe is kept until host_await takes it. A machine that is elsewhere starts
 * nothing: ERROR_UNSUPPORTED. Whatever was started has to be awaited. */
bool host_start(const struct host *host, const char *const *words, struct process_limits limits,
		struct process **ret_process, struct error *err);

/* False once it has ended, which is still to be awaited. */
bool host_is_running(const struct process *process);

/* Asks its group to end (SIGTERM), and does not wait: for many that are to end at the same time.
 * They are still to be awaited. */
void host_ask_to_end(const struct process *process);

/* Waits for its end as host_run does, and forgets it. */
void host_await(struct process *process, struct arena *arena, struct process_result *ret_result);

/* Ends it with its group at once, and forgets it. NULL is fine. */
void host_end(struct process *process);
