#define _GNU_SOURCE /* memfd_create */

#include "play.h"

#include <ctype.h>
#include <dlfcn.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	CHILD_LIMIT_MS = 500,
	STEP_MS = 5,
};

void *play_open(const char *library)
{
	char path[1024];
	const char *folder = getenv("ASSAY_VENDOR");

	assert_non_null(folder);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, library);
	void *opened = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!opened)
		fail_msg("%s", dlerror());
	return opened;
}

void play_from(double seconds_ago)
{
	struct timespec now;
	char text[64];

	assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
	(void)snprintf(text, sizeof(text), "%.6f",
		       (double)now.tv_sec + (double)now.tv_nsec / 1e9 - seconds_ago);
	assert_int_equal(setenv("ASSAY_SCENARIO_EPOCH", text, 1), 0);
}

void play(const char *text, double seconds_ago)
{
	static int file = -1;
	char path[64];

	if (file >= 0)
		(void)close(file);
	file = memfd_create("scenario", MFD_CLOEXEC);
	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), strlen(text));
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	assert_int_equal(setenv("ASSAY_SCENARIO", path, 1), 0);
	play_from(seconds_ago);
}

void *play_symbol(void *library, const char *name)
{
	return dlsym(library, name);
}

enum play_end play_in_child(void (*function)(void))
{
	struct timespec step = { .tv_nsec = STEP_MS * 1000000L };
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		function();
		_exit(0);
	}
	for (int waited = 0; waited < CHILD_LIMIT_MS; waited += STEP_MS) {
		if (waitpid(child, &status, WNOHANG) == child) {
			if (WIFSIGNALED(status))
				assert_int_equal(WTERMSIG(status), SIGSEGV);
			return WIFSIGNALED(status) ? PLAY_CRASHED : PLAY_RETURNED;
		}
		(void)nanosleep(&step, NULL);
	}
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return PLAY_STALLED;
}

void play_expect_all(void *library, const char *header, const char *prefix)
{
	char line[512];
	char name[128];
	unsigned found = 0;
	FILE *file = fopen(header, "re");

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		const char *at = strstr(line, prefix);
		size_t length = 0;

		while (at && (isalnum((unsigned char)at[length]) || at[length] == '_'))
			length++;
		/* A declaration begins at the margin with the type of what it returns. */
		if (!at || at[length] != '(' || isspace((unsigned char)line[0]) || line[0] == '/')
			continue;
		(void)snprintf(name, sizeof(name), "%.*s", (int)length, at);
		if (!dlsym(library, name))
			fail_msg("the stand-in has no %s", name);
		found++;
	}
	(void)fclose(file);
	assert_true(found > 30);
}
