/*
 * On which hardware threads of this machine a thread may run.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum {
	AFFINITY_MAXIMUM = 4096, /* numbers of hardware threads are below it */
};

/* The hardware threads that this thread may use, ascending; at most `room` are given. Returns how
 * many there are. */
size_t affinity_list(unsigned *ret_threads, size_t room);

/* From now on the calling thread runs on this one alone. */
bool affinity_pin(unsigned thread, struct error *err);

/* On these alone. */
bool affinity_set(const unsigned *threads, size_t count, struct error *err);

/* On which one it runs now; -1 when the kernel does not tell. */
int affinity_here(void);
