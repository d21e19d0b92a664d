/*
 * What the kernel shows of a machine: /proc, /sys, /dev and the files of the system. Like
 * host/file.h, but for files whose size is not known before they are read, and for everything that
 * is not a file. All of it works below a root, and on a captured machine.
 *
 * Below a root a symbolic link, absolute ones too, never leads out of the root; loops and links
 * out of it fail with ERROR_IO.
 */
#pragma once

#include "host/file.h"

enum {
	HOST_VALUE_MAXIMUM = 4096, /* bytes of one value of /sys: a page */
};

/* Reads to the end, whatever size the file claims: for /proc and /sys, where it claims 0 or a
 * page. A file longer than `maximum` fails with ERROR_LIMIT, what is no regular file with
 * ERROR_INVALID, a missing one with ERROR_MISSING; every other refusal is ERROR_IO and carries the
 * system's own words ("Permission denied"). */
bool host_peek(const struct host *host, const char *path, size_t maximum, struct arena *arena,
	       struct span *ret_text, struct error *err);

/* host_peek of at most HOST_VALUE_MAXIMUM bytes, without the blanks and newlines around it. */
bool host_value(const struct host *host, const char *path, struct arena *arena,
		struct span *ret_text, struct error *err);

/* The first `maximum` bytes of a longer file, or all of a shorter one: for logs and binaries. */
bool host_peek_start(const struct host *host, const char *path, size_t maximum, struct arena *arena,
		     struct span *ret_text, struct error *err);

/* A piece of a file. */
struct host_part {
	uint64_t offset;
	size_t length;
};

/* The bytes of the part, fewer where the file ends: for binaries of which little is wanted. Nothing
 * of it is recorded, so that a captured machine has none of it: ERROR_MISSING. */
bool host_peek_part(const struct host *host, const char *path, const struct host_part *part,
		    struct arena *arena, struct span *ret_bytes, struct error *err);

/* The target of a symbolic link, as it is written. */
bool host_link(const struct host *host, const char *path, struct arena *arena,
	       const char **ret_target, struct error *err);

/* The path without any symbolic link, as seen from inside the root: how a device's place in the
 * tree of /sys/devices is found. */
bool host_real_path(const struct host *host, const char *path, struct arena *arena,
		    const char **ret_path, struct error *err);

struct host_status {
	enum host_kind kind;
	unsigned mode; /* permission bits, 07777 */
	unsigned user, group;
	uint64_t size;
	uint64_t device; /* of the file system that it lies on, to tell mounts apart */
	int64_t changed; /* last change of the content, seconds since the epoch */
};

/* What lies at `path`, behind symbolic links. */
bool host_status(const struct host *host, const char *path, struct host_status *ret_status,
		 struct error *err);

/* May this process read the path? Asked of the kernel, not of the mode. */
bool host_readable(const struct host *host, const char *path);

/* Nanoseconds of the clock that never jumps, CLOCK_BOOTTIME: for deadlines and for the times of
 * the kernel log. A captured machine gives the moment of its capture, for ever. */
int64_t host_boot_ns(const struct host *host);

/* True when `host` is not the machine that the program runs on: a root, captured or not. What can
 * only be asked of a live kernel (ioctl, statvfs, a vendor library) is then taken from the
 * capture, or is unknown. */
bool host_is_elsewhere(const struct host *host);

/* The machine's name, as its kernel has it; "" when that cannot be told. */
const char *host_name(const struct host *host, struct arena *arena);

/* Which start of the kernel this is: another text after each; "" when that cannot be told. */
const char *host_boot_id(const struct host *host, struct arena *arena);
