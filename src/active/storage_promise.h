/*
 * What a file system promises, put to the test by several processes at once, of one node or of
 * several: locks exclude, a rename is whole or not there, what is appended stays whole, fsync waits
 * for the medium, and what is read is what was written. Called in workers' children.
 */
#pragma once

#include "active/storage_crowd.h"

/* As worker_function; context is a struct crowd_task. The requests:
 *   lock posix, lock open, lock flock   each process takes the lock `rounds` times and counts up
 *   locks-counted KIND   one process: increments that were lost are violations
 *   append, appended     each appends `rounds` records; one process: those lost or torn
 *   rename               process 0 replaces a file `rounds` times, the others read it
 *   fsync                one process: `rounds` times
 *   write, verify        one process: `bytes` of a pattern; those that differ are violations
 */
void promise_work(struct worker_port *port, const char *request, void **state, const void *context);
