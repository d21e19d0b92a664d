/*
 * A file written piece by piece and there only once it is whole: a temporary one in the same folder
 * takes the pieces, and the last step gives it its name. Until then the old file is untouched.
 */
#pragma once

#include <limits.h>

#include "host/file.h"

struct file_writer {
	bool is_open;
	int folder, file;
	char path[PATH_MAX]; /* below the root, for errors */
	char cut[PATH_MAX];  /* folder and name, a NUL between them */
	const char *folder_name, *name;
	char temporary[NAME_MAX];
};

/* Creates the temporary file. What is there under that name and is no regular file stays as it is
 * and fails with ERROR_IO. `is_private`: only its owner may read it. */
bool file_writer_open(struct file_writer *writer, const struct host *host, const char *path,
		      bool is_private, struct error *err);

bool file_writer_add(struct file_writer *writer, struct span piece, struct error *err);

/* fsync, rename, fsync of the folder. On failure nothing is left but the old file; only when the
 * very last step fails is the new one there, though a power cut may still undo it. */
bool file_writer_finish(struct file_writer *writer, struct error *err);

/* Drops what was not finished. */
void file_writer_release(struct file_writer *writer);

#define SCOPED_FILE_WRITER(name) \
	struct file_writer name __attribute__((cleanup(file_writer_release))) = { 0 }
