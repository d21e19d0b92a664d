/*
 * The one way from a path to a descriptor, private to this room. Below a root no link, absolute or
 * with "..", leads out of it.
 */
#pragma once

#include <limits.h>

#include "host/file.h"

enum {
	LINKS_MAXIMUM = 40, /* followed for one path: the kernel's own limit */
};

/* What stands before `path`: NULL when it is one of this machine as it is. */
const char *host_root_of(const struct host *host, const char *path);

/* A descriptor that is closed on exec and never waits, or -1 with errno. `flags` are those of open
 * without O_CREAT. The first asks the kernel to stay below the root and goes on to the second
 * where the kernel cannot; they mean the same. */
int open_below(const struct host *host, const char *path, int flags);
int open_below_by_steps(const char *root, const char *path, int flags);

struct walk {
	const char *root; /* NULL for this machine */
	bool keep_last;   /* do not follow a link at the very end */
	/* Told of each link that is followed, and with NULL for a target of each folder; may be
	 * NULL. */
	void (*on_step)(void *context, const char *path, const char *target);
	void *context;
	/* results: */
	char path[PATH_MAX]; /* absolute, without links, as seen from inside the root */
	unsigned links;
	bool lost; /* a ".." came behind the step that failed: `path` may be that of another thing
		    */
};

/* Follows the absolute `path` link by link. 0, or the errno of the first step that failed; what
 * comes behind that step is then joined as it is written, so that there is always a path. Without
 * any when ENAMETOOLONG is returned. */
int walk_below(struct walk *walk, const char *path);

/* Says what the system refused, by errno; `what` stands before the path, as in "opening". */
bool fail_system(struct error *err, const char *what, const char *path);

void close_descriptor(const int *descriptor);

#define SCOPED_FD(name) int name __attribute__((cleanup(close_descriptor)))

/* Up to `size` bytes, fewer only at the end of the file; false with errno. */
bool read_some(int file, char *into, size_t size, size_t *ret_length);

/* For what is written: a root is then the folder of a test, not a foreign machine. */
bool join_root(const struct host *host, const char *path, char ret_path[static PATH_MAX],
	       struct error *err);

/* Cuts `path` into the folder it lies in and its name there; writes into `path`. */
void cut_path(char *path, const char **ret_folder, const char **ret_name);

/* False with errno. */
bool write_whole(int file, struct span content);
