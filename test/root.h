/*
 * Small invented machines: a tree of files in a temporary folder, and a host whose root it is.
 */
#pragma once

#include "host/file.h"

struct root {
	const char *folder; /* outside the root: where the tree lies */
	struct host host;
	struct arena arena;
};

/* One thing of the tree. Folders above it are made.
 *   text         a file of that content
 *   path ends with "/"   an empty folder; the text is left out
 *   "-> TARGET"  a symbolic link
 *   NULL         a link to itself: it is there and cannot be read, not even by the superuser */
struct root_entry {
	const char *path; /* absolute, inside the root */
	const char *text;
};

/* A new root of the entries up to the one whose path is NULL; `entries` may be NULL. What cannot be
 * made fails the test. */
void root_make(struct root *root, const struct root_entry *entries);

/* Adds the entry, in place of what lies there when that is no folder. */
void root_put(struct root *root, const char *path, const char *text);

/* A file of any bytes, NUL too. */
void root_put_bytes(struct root *root, const char *path, struct span bytes);

/* Removes the file, the link or the whole folder; what is not there fails the test. */
void root_drop(struct root *root, const char *path);

/* Removes the tree. */
void root_release(struct root *root);

#define SCOPED_ROOT(name) struct root name __attribute__((cleanup(root_release))) = { 0 }
