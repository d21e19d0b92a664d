/*
 * One process that puts a promise of a file system to the test (storage_promise.h), and what it is
 * asked to do: each adds what it did and saw to keeper->sum.
 */
#pragma once

#include "active/storage_promise.h"

struct keeper {
	struct worker_port *port;
	const struct crowd_task *task;
	int folder;
	struct crowd_sum sum;
};

/* Counts an error and says it, with the words of errno. */
void keeper_fails(struct keeper *keeper, const char *what);

/* Takes the lock of that kind, "posix", "open" or "flock", task->rounds times. */
void keep_lock(struct keeper *keeper, const char *word);

/* Increments under the lock that were lost are violations. */
void keep_locks_counted(struct keeper *keeper, const char *word);

void keep_append(struct keeper *keeper);
void keep_appended(struct keeper *keeper);

/* One replaces a file, the others look on. */
void keep_replace(struct keeper *keeper);
void keep_look(struct keeper *keeper);

void keep_sync(struct keeper *keeper);

/* Writes a pattern; compares what the next rank has written. */
void keep_write(struct keeper *keeper);
void keep_verify(struct keeper *keeper);
