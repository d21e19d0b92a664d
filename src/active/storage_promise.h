/*
 * What a file system promises, put to the test by several processes at once, of one node or of
 * several: locks exclude, a rename is whole or not there, what is appended stays whole, fsync waits
 * for the medium, and what is read is what was written. Called in workers' children.
 */
#pragma once

#include "active/storage_crowd.h"

enum {
	PROMISE_RECORD = 64,     /* bytes appended at once */
	PROMISE_VERSION = 4096,  /* bytes of a file that is replaced */
	PROMISE_PIECE = 1 << 20, /* bytes written and compared at once; a file has whole ones */
};

/* As worker_function; context is a struct crowd_task. The requests:
 *   lock posix, lock open, lock flock   each process takes the lock `rounds` times and counts up
 *   locks-counted KIND   one process: increments that were lost are violations
 *   append, appended     each appends `rounds` records; one process: those lost or torn
 *   rename               process 0 replaces a file `rounds` times, the others read it
 *   fsync                one process: `rounds` times
 *   write, verify        one process: `bytes` of a pattern; those that differ are violations
 */
void promise_work(struct worker_port *port, const char *request, void **state, const void *context);

/* Fills in what a file holds from the `offset`, a multiple of 8: words that depend on seed and
 * place alone. */
void pattern_fill(uint64_t seed, uint64_t offset, unsigned char *into, size_t size);

/* Bytes that differ from it. */
uint64_t pattern_differs(uint64_t seed, uint64_t offset, const unsigned char *bytes, size_t size);

/* Records of processes and rounds that stand in the text, each whole and once. */
uint64_t append_count(struct span text, unsigned processes, unsigned rounds, struct arena *arena);
