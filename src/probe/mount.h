/*
 * Mounted file systems, as the kernel lists them in /proc/self/mountinfo.
 */
#pragma once

#include <stdbool.h>

#include "host/file.h"

struct mount {
	struct span device;  /* "8:1" */
	const char *path;    /* where it is mounted, unescaped */
	struct span escaped; /* the same, as the kernel wrote it: without blanks and newlines */
	struct span root;    /* of the file system, what of it is mounted, as written */
	struct span type;    /* "ext4" */
	const char *source;  /* "/dev/sda1", "server:/export", unescaped */
	struct span options; /* of the mount */
	struct span super;   /* of the file system */
};

enum {
	MOUNTS_MAXIMUM = 65536, /* lines that are looked at */
};

/* All mounts of the text, in its order; lines of another form are left out and counted. */
size_t mounts_parse(struct span text, struct arena *arena, struct mount **ret_mounts,
		    size_t *ret_bad);

/* Those with storage behind them that a person would name: no file system of the kernel's own, no
 * layers and binds of containers, of several at one path the last. /dev/shm is one of them, because
 * programs of many GPUs need it. In the kernel's order; `into` has room for `count`; returns how
 * many. */
size_t mounts_select(const struct mount *mounts, size_t count, const struct mount **into);

bool mount_is_read_only(const struct mount *mount);

/* "\040" and its kin to the bytes they stand for; anything else stays. */
const char *mount_unescape(struct span text, struct arena *arena);

/* The type of the file system that the folder lies on, by the mount with the longest path above it;
 * "" when it cannot be told. Looks at the folder, and may hang as long as its file system does. */
const char *mount_type(const struct host *host, const char *folder, struct arena *arena);
