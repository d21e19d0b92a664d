/*
 * The one temporary folder that a test of a file system writes into: "FOLDER/.assay-XXXXXX", its
 * owner's alone. A file in it names who made it, so that what a killed run left is recognised and
 * removed by the next one, and the folder of a run that still goes on, here or on another node, is
 * not. Each may hang as long as the file system does: to be called in a worker's child.
 */
#pragma once

#include <limits.h>

#include "host/file.h"

#define SCRATCH_PREFIX ".assay-"

/* The path without links leads through `folder`, absolute. */
bool scratch_make(const struct host *here, const char *folder, char ret_path[static PATH_MAX],
		  struct error *err);

/* Who is told before each call that may hang, one for each file and folder. */
struct scratch_watch {
	void (*goes_on)(void *context);
	void *context;
};

/* Removes the folder and all that is in it: no link is followed, no other file system entered. What
 * is gone already is fine. `watch` may be NULL. */
bool scratch_remove(const char *path, const struct scratch_watch *watch, struct error *err);

struct scratch_leftovers {
	unsigned removed; /* folders of runs of this machine that are over */
	unsigned kept;    /* of other machines or of runs that go on */
};

/* Removes what former runs of this machine and user left in `folder`. */
bool scratch_sweep(const struct host *here, const char *folder,
		   struct scratch_leftovers *ret_leftovers, struct error *err);

/* Bytes that this user may still write. */
bool scratch_space(const char *folder, uint64_t *ret_bytes, struct error *err);
