/*
 * A loop over [0, count) on several threads, each item on its own. What `work` writes must be
 * disjoint by item or by worker; the result must not depend on the split.
 */
#pragma once

#include <stddef.h>

/* Calls work(context, item, worker) once for each item; worker is in [0, threads).
 * threads 0 or 1, or a system that gives no thread, runs on the caller's. */
void parallel_for(size_t count, unsigned threads,
		  void (*work)(void *context, size_t item, unsigned worker), void *context);
