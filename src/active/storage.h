/*
 * What the tests of file systems share: the folders that are tested, a temporary folder in each,
 * and how much may be written into it. Whatever touches a file system may hang, so it is done by
 * workers and programs, never by this process itself.
 */
#pragma once

#include "active/active.h"

enum {
	STORAGE_SHARE_PERCENT = 10, /* of the free space, at most, is written */
};

/* A folder while it is tested. */
struct storage_place {
	const char *folder;  /* as the user named it */
	const char *mark;    /* the same as the end of a device: printable and short */
	const char *scratch; /* "FOLDER/.assay-XXXXXX" */
	const char *type;    /* of the file system: "ext4"; "" when it was not told */
	uint64_t room;       /* bytes that may be written at once: a share of what is free */
	bool takes_direct;   /* files past the page cache */
};

/* "storage:WHAT:MARK". */
const char *storage_device(struct arena *arena, const char *what, const char *mark);

/* The path without what a device may not have; of a long one the end, and a number that tells it
 * from others. */
const char *storage_mark(struct arena *arena, const char *folder);

/* Does the work in each folder of the request. Leftovers of former runs are removed before, and the
 * temporary folder after it, however the test ends. A folder that cannot be used is a record
 * node.test.storage.error and unknown. */
void storage_each(struct active_run *run,
		  void (*work)(struct active_run *run, const struct storage_place *place));

/* Fills in a plan for `each_ns` a folder and at most `bytes` in it; without a folder it cannot be
 * run. */
void storage_plan(const struct active_request *request, struct arena *arena,
		  struct active_step *step, int64_t each_ns, uint64_t bytes);

/* Records what failed about the work of a folder, and that the measure of it is unknown. */
void storage_blames(struct active_run *run, const struct storage_place *place, const char *what,
		    enum measure measure, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
