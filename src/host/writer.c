#include "host/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/below.h"

enum {
	FILE_MODE = 0644, /* less the umask */
	PRIVATE_MODE = 0600,
	TEMPORARY_NAMES = 1000,
};

bool join_root(const struct host *host, const char *path, char ret_path[static PATH_MAX],
	       struct error *err)
{
	const char *root = host && host->root && path[0] == '/' ? host->root : "";
	int length = snprintf(ret_path, PATH_MAX, "%s%s", root, path);

	if (length < 0 || length >= PATH_MAX)
		return fail(err, ERROR_LIMIT,
			    "'%s%s' is longer than a path can be; the limit is %d", root, path,
			    PATH_MAX - 1);
	return true;
}

void cut_path(char *path, const char **ret_folder, const char **ret_name)
{
	char *slash = strrchr(path, '/');

	*ret_folder = ".";
	*ret_name = path;
	if (!slash)
		return;
	*ret_name = slash + 1;
	*ret_folder = slash == path ? "/" : path;
	*slash = '\0';
}

/* Opens a new file under a name that nothing in `folder` has; the name is in `ret_name`. */
static int open_temporary(int folder, mode_t mode, char ret_name[static NAME_MAX])
{
	for (unsigned i = 0; i < TEMPORARY_NAMES; i++) {
		(void)snprintf(ret_name, NAME_MAX, ".assay-%ld-%u.tmp", (long)getpid(), i);
		int file = openat(folder, ret_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (file >= 0 || errno != EEXIST)
			return file;
	}
	return -1;
}

bool write_whole(int file, struct span content)
{
	while (content.length > 0) {
		ssize_t written = write(file, content.at, content.length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		content.at += written;
		content.length -= (size_t)written;
	}
	return true;
}

/* Some file systems cannot sync a folder, and say so with EINVAL. */
static bool sync_folder(int folder)
{
	return fsync(folder) == 0 || errno == EINVAL;
}

static bool expect_replaceable(const struct file_writer *writer, struct error *err)
{
	struct stat status;

	if (fstatat(writer->folder, writer->name, &status, 0) != 0 || S_ISREG(status.st_mode))
		return true;
	return fail(err, ERROR_IO, "'%s' is there and no regular file; name another", writer->path);
}

static bool open_beside(struct file_writer *writer, bool is_private, struct error *err)
{
	writer->folder = open(writer->folder_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (writer->folder < 0)
		return fail_system(err, "opening folder", writer->folder_name);
	if (!expect_replaceable(writer, err))
		return false;
	writer->file = open_temporary(writer->folder, is_private ? PRIVATE_MODE : FILE_MODE,
				      writer->temporary);
	return writer->file >= 0 || fail_system(err, "creating a file beside", writer->path);
}

bool file_writer_open(struct file_writer *writer, const struct host *host, const char *path,
		      bool is_private, struct error *err)
{
	*writer = (struct file_writer){ .folder = -1, .file = -1 };
	if (!join_root(host, path, writer->path, err))
		return false;
	memcpy(writer->cut, writer->path, strlen(writer->path) + 1);
	cut_path(writer->cut, &writer->folder_name, &writer->name);
	writer->is_open = true;
	if (open_beside(writer, is_private, err))
		return true;
	file_writer_release(writer);
	return false;
}

bool file_writer_add(struct file_writer *writer, struct span piece, struct error *err)
{
	return write_whole(writer->file, piece) || fail_system(err, "writing", writer->path);
}

bool file_writer_finish(struct file_writer *writer, struct error *err)
{
	bool good = fsync(writer->file) == 0 &&
		    renameat(writer->folder, writer->temporary, writer->folder, writer->name) == 0;

	if (!good) {
		(void)fail_system(err, "writing", writer->path);
	} else {
		writer->temporary[0] = '\0';
		good = sync_folder(writer->folder) ||
		       fail_system(err, "syncing folder", writer->folder_name);
	}
	file_writer_release(writer);
	return good;
}

void file_writer_release(struct file_writer *writer)
{
	if (!writer->is_open)
		return;
	if (writer->file >= 0 && writer->temporary[0] != '\0')
		(void)unlinkat(writer->folder, writer->temporary, 0);
	close_descriptor(&writer->file);
	close_descriptor(&writer->folder);
	writer->is_open = false;
}

static bool write_new(const struct host *host, const char *path, struct span content,
		      bool is_private, struct error *err)
{
	SCOPED_FILE_WRITER(writer);

	return file_writer_open(&writer, host, path, is_private, err) &&
	       file_writer_add(&writer, content, err) && file_writer_finish(&writer, err);
}

bool host_write(const struct host *host, const char *path, struct span content, struct error *err)
{
	return write_new(host, path, content, false, err);
}

bool host_write_private(const struct host *host, const char *path, struct span content,
			struct error *err)
{
	return write_new(host, path, content, true, err);
}
