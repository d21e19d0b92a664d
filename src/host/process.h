/*
 * Programs of the machine, each with a deadline. Few are ever started: what the kernel or a
 * library can say is read.
 */
#pragma once

#include "host/file.h"

struct process_result {
	int status;             /* exit status; 128 + signal; -1 when the deadline passed */
	bool stalled;           /* killed at the deadline, with its whole process group */
	bool cut;               /* it said more than the maximum; the rest was thrown away */
	struct span said;       /* standard output */
	struct span complained; /* standard error */
};

/* Both are above 0. */
struct process_limits {
	int64_t limit_ns; /* of the whole run */
	size_t maximum;   /* bytes kept of what it says, and of what it complains */
};

/* Runs `words[0]` (found in a fixed PATH of system folders, an absolute path as it is) with no
 * input, a minimal environment (PATH, LC_ALL=C.UTF-8) and its output kept up to the
 * maximum. False when it cannot be started; ERROR_MISSING when there is no such program. On a
 * captured machine the recorded result of the same words is given, ERROR_MISSING when there is
 * none. */
bool host_run(const struct host *host, const char *const *words, struct process_limits limits,
	      struct arena *arena, struct process_result *ret_result, struct error *err);
