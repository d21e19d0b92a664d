/*
 * Files of this machine, the only way to them. Every path goes through a host whose root may be
 * a captured machine. Reading is bounded; writing is whole or not at all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

struct capture;
struct recorder;

struct host {
	const char *root;              /* put before absolute paths; NULL or "" is this machine */
	const struct capture *capture; /* the machine was recorded; NULL when it was not */
	struct recorder *recorder;     /* keeps what is asked; NULL for nobody */
};

enum {
	HOST_NAMES_MAXIMUM = 1 << 20, /* that host_list takes from one folder */
};

/* The whole file, NUL-terminated in memory (the NUL not counted). A file longer than `maximum`
 * bytes fails with ERROR_LIMIT before it is read; a folder or a device fails. A file that
 * shrinks or grows while it is read fails with ERROR_IO, it is never half taken. */
bool host_read(const struct host *host, const char *path, size_t maximum, struct arena *arena,
	       struct span *ret_text, struct error *err);

/* Names in the folder, without "." and "..", sorted by bytes; more than HOST_NAMES_MAXIMUM fail
 * with ERROR_LIMIT. */
bool host_list(const struct host *host, const char *path, struct arena *arena,
	       const char *const **ret_names, size_t *ret_count, struct error *err);

enum host_kind {
	HOST_NOTHING,
	HOST_FILE,
	HOST_FOLDER,
	HOST_OTHER,
};

/* What `path` is, behind symbolic links; HOST_NOTHING also when that cannot be told. */
enum host_kind host_kind(const struct host *host, const char *path);

/* Writes a new file of that content in one step: a temporary file in the same folder, fsync,
 * rename, fsync of the folder. On failure the old file is untouched and nothing is left; only
 * when the very last step fails is the new file there, though a power cut may still undo it. */
bool host_write(const struct host *host, const char *path, struct span content, struct error *err);

/* The same for a secret: only its owner may read it. */
bool host_write_private(const struct host *host, const char *path, struct span content,
			struct error *err);

/* Writes a new file that a power cut may still undo: one of many, before a host_sync of all. A
 * file that is there already fails. On failure nothing is left. */
bool host_write_draft(const struct host *host, const char *path, struct span content,
		      struct error *err);

/* Returns once all that was written to the file system of this folder is safe. */
bool host_sync(const struct host *host, const char *path, struct error *err);

/* Like `mkdir -p`; an existing folder is fine. */
bool host_make_folder(const struct host *host, const char *path, struct error *err);

bool host_remove_file(const struct host *host, const char *path, struct error *err);

/* Removes an empty folder. */
bool host_remove_folder(const struct host *host, const char *path, struct error *err);

bool host_rename(const struct host *host, const char *from, const char *to, struct error *err);

/* Seconds since the epoch. */
int64_t host_unix_time(const struct host *host);

/* Where this program lies: the folder of /proc/self/exe of this machine, whatever the root;
 * "" when unknown. */
const char *host_program_folder(const struct host *host, struct arena *arena);
