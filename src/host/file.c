#define _GNU_SOURCE /* syncfs */

#include "host/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	FILE_MODE = 0644,   /* less the umask */
	FOLDER_MODE = 0755, /* less the umask */
	TEMPORARY_NAMES = 1000,
};

static void close_descriptor(const int *descriptor)
{
	if (*descriptor >= 0)
		(void)close(*descriptor);
}

static void close_folder(DIR *const *folder)
{
	if (*folder)
		(void)closedir(*folder);
}

#define SCOPED_FD(name) int name __attribute__((cleanup(close_descriptor)))

/* Says what the system refused; `what` stands before the path, as in "opening". */
static bool fail_system(struct error *err, const char *what, const char *path)
{
	int number = errno;
	enum error_code code = number == ENOENT || number == ENOTDIR ? ERROR_MISSING : ERROR_IO;

	return fail(err, code, "%s '%s': %s", what, path, strerror(number));
}

static bool resolve(const struct host *host, const char *path, char ret_path[static PATH_MAX],
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

static bool expect_file(int file, const char *path, size_t maximum, size_t *ret_size,
			struct error *err)
{
	struct stat status;

	if (fstat(file, &status) != 0)
		return fail_system(err, "reading", path);
	if (S_ISDIR(status.st_mode))
		return fail(err, ERROR_INVALID, "'%s' is a folder; name a file", path);
	if (!S_ISREG(status.st_mode))
		return fail(err, ERROR_INVALID, "'%s' is not a regular file; name a file", path);
	if ((uint64_t)status.st_size > maximum)
		return fail(err, ERROR_LIMIT, "'%s' is %lld bytes; the limit is %zu; split it",
			    path, (long long)status.st_size, maximum);
	*ret_size = (size_t)status.st_size;
	return true;
}

/* Up to `size` bytes, fewer only at the end of the file; false with errno. */
static bool read_some(int file, char *into, size_t size, size_t *ret_length)
{
	size_t length = 0;

	while (length < size) {
		ssize_t more = read(file, into + length, size - length);

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return false;
		if (more == 0)
			break;
		length += (size_t)more;
	}
	*ret_length = length;
	return true;
}

bool host_read(const struct host *host, const char *path, size_t maximum, struct arena *arena,
	       struct span *ret_text, struct error *err)
{
	char full[PATH_MAX];
	size_t size = 0;
	size_t length = 0;

	if (!resolve(host, path, full, err))
		return false;

	/* O_NONBLOCK: a pipe in place of the file is refused rather than waited for. */
	SCOPED_FD(file) = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file < 0)
		return fail_system(err, "opening", full);
	if (!expect_file(file, full, maximum, &size, err))
		return false;

	/* The byte behind the end is the NUL, and tells a file that grew. */
	char *text = arena_take(arena, size + 1);
	if (!read_some(file, text, size + 1, &length))
		return fail_system(err, "reading", full);
	if (length != size)
		return fail(err, ERROR_IO, "'%s' %s while it was read; try again", full,
			    length > size ? "grew" : "shrank");
	*ret_text = (struct span){ .at = text, .length = size };
	return true;
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The next name, NULL at the end or, with errno set, on a fault. */
static const char *next_name(DIR *folder)
{
	for (;;) {
		errno = 0;
		const struct dirent *entry = readdir(folder);

		if (!entry)
			return NULL;
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return entry->d_name;
	}
}

bool host_list(const struct host *host, const char *path, struct arena *arena,
	       const char *const **ret_names, size_t *ret_count, struct error *err)
{
	char full[PATH_MAX];
	const char **names = NULL;
	const char *name;
	size_t count = 0;
	size_t room = 0;

	if (!resolve(host, path, full, err))
		return false;
	DIR *folder __attribute__((cleanup(close_folder))) = opendir(full);
	if (!folder)
		return fail_system(err, "opening folder", full);

	while ((name = next_name(folder))) {
		if (count == HOST_NAMES_MAXIMUM)
			return fail(err, ERROR_LIMIT, "'%s' holds more than %d names; split it",
				    full, HOST_NAMES_MAXIMUM);
		if (count == room) {
			room = room > 0 ? room * 2 : 16;
			const char **larger = ARENA_ARRAY(arena, const char *, room);
			if (count > 0)
				memcpy(larger, names, count * sizeof(*names));
			names = larger;
		}
		names[count++] = arena_string(arena, span_of(name));
	}
	if (errno != 0)
		return fail_system(err, "reading folder", full);

	if (count > 0)
		qsort(names, count, sizeof(*names), compare_names);
	*ret_names = names;
	*ret_count = count;
	return true;
}

enum host_kind host_kind(const struct host *host, const char *path)
{
	char full[PATH_MAX];
	struct stat status;

	if (!resolve(host, path, full, NULL) || stat(full, &status) != 0)
		return HOST_NOTHING;
	if (S_ISREG(status.st_mode))
		return HOST_FILE;
	return S_ISDIR(status.st_mode) ? HOST_FOLDER : HOST_OTHER;
}

/* Cuts `path` into the folder it lies in and its name there; writes into `path`. */
static void cut_path(char *path, const char **ret_folder, const char **ret_name)
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
static int open_temporary(int folder, char ret_name[static NAME_MAX])
{
	for (unsigned i = 0; i < TEMPORARY_NAMES; i++) {
		(void)snprintf(ret_name, NAME_MAX, ".assay-%ld-%u.tmp", (long)getpid(), i);
		int file = openat(folder, ret_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
				  FILE_MODE);
		if (file >= 0 || errno != EEXIST)
			return file;
	}
	return -1;
}

/* False with errno. */
static bool write_whole(int file, struct span content)
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

bool host_write(const struct host *host, const char *path, struct span content, struct error *err)
{
	char full[PATH_MAX];
	char cut[PATH_MAX];
	char temporary[NAME_MAX];
	const char *folder_name;
	const char *name;

	if (!resolve(host, path, full, err))
		return false;
	memcpy(cut, full, strlen(full) + 1);
	cut_path(cut, &folder_name, &name);

	SCOPED_FD(folder) = open(folder_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return fail_system(err, "opening folder", folder_name);
	SCOPED_FD(file) = open_temporary(folder, temporary);
	if (file < 0)
		return fail_system(err, "creating a file beside", full);

	if (!write_whole(file, content) || fsync(file) != 0 ||
	    renameat(folder, temporary, folder, name) != 0) {
		(void)fail_system(err, "writing", full);
		(void)unlinkat(folder, temporary, 0);
		return false;
	}
	if (!sync_folder(folder))
		return fail_system(err, "syncing folder", folder_name);
	return true;
}

bool host_write_draft(const struct host *host, const char *path, struct span content,
		      struct error *err)
{
	char full[PATH_MAX];

	if (!resolve(host, path, full, err))
		return false;
	SCOPED_FD(file) = open(full, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (file < 0)
		return fail_system(err, "creating", full);
	if (!write_whole(file, content)) {
		(void)fail_system(err, "writing", full);
		(void)unlink(full);
		return false;
	}
	return true;
}

bool host_sync(const struct host *host, const char *path, struct error *err)
{
	char full[PATH_MAX];

	if (!resolve(host, path, full, err))
		return false;
	SCOPED_FD(folder) = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return fail_system(err, "opening folder", full);
	if (syncfs(folder) != 0)
		return fail_system(err, "syncing", full);
	return true;
}

static bool make_one_folder(const char *path, struct error *err)
{
	struct stat status;

	if (mkdir(path, FOLDER_MODE) == 0)
		return true;
	if (errno != EEXIST)
		return fail_system(err, "making folder", path);
	if (stat(path, &status) != 0)
		return fail_system(err, "making folder", path);
	if (!S_ISDIR(status.st_mode))
		return fail(err, ERROR_CONFLICT, "'%s' is there and not a folder; move it away",
			    path);
	return true;
}

bool host_make_folder(const struct host *host, const char *path, struct error *err)
{
	char full[PATH_MAX];

	if (!resolve(host, path, full, err))
		return false;
	for (size_t i = 1; i < strlen(full); i++) {
		if (full[i] != '/')
			continue;
		full[i] = '\0';
		if (!make_one_folder(full, err))
			return false;
		full[i] = '/';
	}
	return make_one_folder(full, err);
}

bool host_remove_file(const struct host *host, const char *path, struct error *err)
{
	char full[PATH_MAX];

	if (!resolve(host, path, full, err))
		return false;
	if (unlink(full) != 0)
		return fail_system(err, "removing", full);
	return true;
}

bool host_remove_folder(const struct host *host, const char *path, struct error *err)
{
	char full[PATH_MAX];

	if (!resolve(host, path, full, err))
		return false;
	if (rmdir(full) != 0)
		return fail_system(err, "removing folder", full);
	return true;
}

bool host_rename(const struct host *host, const char *from, const char *to, struct error *err)
{
	char full_from[PATH_MAX];
	char full_to[PATH_MAX];

	if (!resolve(host, from, full_from, err) || !resolve(host, to, full_to, err))
		return false;
	if (rename(full_from, full_to) != 0)
		return fail_system(err, "renaming", full_from);
	return true;
}

int64_t host_unix_time(const struct host *host)
{
	struct timespec now;

	(void)host; /* a captured machine has no clock of its own */
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return 0;
	return now.tv_sec;
}

const char *host_program_folder(const struct host *host, struct arena *arena)
{
	char path[PATH_MAX];
	const char *folder;
	const char *name;
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	(void)host; /* the program runs on this machine, whichever it looks at */
	if (length <= 0)
		return "";
	path[length] = '\0';
	cut_path(path, &folder, &name);
	return arena_string(arena, span_of(folder));
}
