/*
 * Files as the kernel gives them, one system call each: for tests that ask the file system itself
 * whether it does what it should. Everything lies in a folder that the caller holds open, and no
 * symbolic link is followed. Each may hang as long as the file system does, so it is called in a
 * worker's child. What fails leaves errno; reading, writing and fsync are those of unistd.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum raw_way {
	RAW_READ = 1 << 0,
	RAW_WRITE = 1 << 1,
	RAW_CREATE = 1 << 2,
	RAW_EXCLUSIVE = 1 << 3, /* fails when it is there */
	RAW_APPEND = 1 << 4,
	RAW_DIRECT = 1 << 5, /* past the page cache */
	RAW_EMPTY = 1 << 6,  /* what it held is dropped */
};

/* A descriptor, or -1. */
int raw_open_folder(const char *path);
int raw_open(int folder, const char *name, unsigned ways);

bool raw_make_folder(int folder, const char *name);
bool raw_size(int folder, const char *name, uint64_t *ret_size);
bool raw_remove(int folder, const char *name);
bool raw_remove_folder(int folder, const char *name);
bool raw_rename(int folder, const char *from, const char *to);

/* How many names the folder below `folder` holds. */
bool raw_count(int folder, const char *name, size_t *ret_count);

/* The kernel may forget what it holds of the file, once it is written. */
void raw_forget(int file);

enum raw_lock {
	RAW_LOCK_POSIX, /* of the process: fcntl(F_SETLK) */
	RAW_LOCK_OPEN,  /* of the open file: fcntl(F_OFD_SETLK) */
	RAW_LOCK_FLOCK, /* flock */
	RAW_LOCK_COUNT,
};

/* The whole file, exclusively. Without waiting false with EAGAIN (EACCES of some servers) means
 * that somebody else holds it. */
bool raw_lock(int file, enum raw_lock kind, bool waits);
bool raw_unlock(int file, enum raw_lock kind);

/* May end early, on a signal. */
void raw_pause_ns(int64_t ns);

/* Writes what is dirty, then drops the caches of the whole machine; needs root. */
bool raw_drop_caches(void);
