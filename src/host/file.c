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

#include "host/below.h"
#include "host/recorded.h"
#include "host/recorder.h"
#include "host/system.h"

enum {
	FILE_MODE = 0644,   /* less the umask */
	FOLDER_MODE = 0755, /* less the umask */
};

static void close_folder(DIR *const *folder)
{
	if (*folder)
		(void)closedir(*folder);
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

static bool read_live(const struct host *host, const char *path, size_t maximum,
		      struct arena *arena, struct span *ret_text, struct error *err)
{
	size_t size = 0;
	size_t length = 0;

	SCOPED_FD(file) = open_below(host, path, O_RDONLY);
	if (file < 0)
		return fail_system(err, "opening", path);
	if (!expect_file(file, path, maximum, &size, err))
		return false;

	/* The byte behind the end is the NUL, and tells a file that grew. */
	char *text = arena_take(arena, size + 1);
	if (!read_some(file, text, size + 1, &length))
		return fail_system(err, "reading", path);
	if (length != size)
		return fail(err, ERROR_IO, "'%s' %s while it was read; try again", path,
			    length > size ? "grew" : "shrank");
	*ret_text = (struct span){ .at = text, .length = size };
	return true;
}

/* Hands an error on to whoever wants it; always false. */
static bool pass(struct error *err, const struct error *said)
{
	if (err)
		*err = *said;
	return false;
}

bool host_read(const struct host *host, const char *path, size_t maximum, struct arena *arena,
	       struct span *ret_text, struct error *err)
{
	struct error said = { .code = ERROR_NONE };

	if (capture_answers(host, path) && capture_refused(host, ASKED_READ, path, &said))
		return pass(err, &said);
	bool good = read_live(host, path, maximum, arena, ret_text, &said);
	if (capture_answers(host, path)) {
		if (good && capture_is_start(host, path))
			good = fail(&said, ERROR_LIMIT, "'%s' was recorded in part only", path);
		else if (said.code == ERROR_MISSING)
			good = capture_lacks(path, &said);
	}
	if (good && recorder_wants(host, path))
		recorder_keep_text(host, path, *ret_text, true);
	else if (recorder_wants(host, path))
		recorder_keep_refusal(host, ASKED_READ, path, &said);
	return good || pass(err, &said);
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

/* `names` with room for one more than `count`. */
static const char **make_room(struct arena *arena, const char **names, size_t count, size_t *room)
{
	if (count < *room)
		return names;
	*room = *room > 0 ? *room * 2 : 16;

	const char **larger = ARENA_ARRAY(arena, const char *, *room);
	if (count > 0)
		memcpy(larger, names, count * sizeof(*names));
	return larger;
}

static DIR *open_folder(const struct host *host, const char *path)
{
	int file = open_below(host, path, O_RDONLY | O_DIRECTORY);
	DIR *folder = file >= 0 ? fdopendir(file) : NULL;

	if (!folder && file >= 0)
		(void)close(file);
	return folder;
}

static bool list_live(const struct host *host, const char *path, struct arena *arena,
		      const char *const **ret_names, size_t *ret_count, struct error *err)
{
	const char **names = NULL;
	const char *name;
	size_t count = 0;
	size_t room = 0;

	DIR *folder __attribute__((cleanup(close_folder))) = open_folder(host, path);
	if (!folder)
		return fail_system(err, "opening folder", path);

	while ((name = next_name(folder))) {
		if (count == HOST_NAMES_MAXIMUM)
			return fail(err, ERROR_LIMIT, "'%s' holds more than %d names; split it",
				    path, HOST_NAMES_MAXIMUM);
		names = make_room(arena, names, count, &room);
		names[count++] = arena_string(arena, span_of(name));
	}
	if (errno != 0)
		return fail_system(err, "reading folder", path);

	if (count > 0)
		qsort(names, count, sizeof(*names), compare_names);
	*ret_names = names;
	*ret_count = count;
	return true;
}

static bool list_captured(const struct host *host, const char *path, struct arena *arena,
			  const char *const **ret_names, size_t *ret_count, struct error *err)
{
	const struct journal_entry *entry = capture_find(host, JOURNAL_LIST, path);

	if (capture_refused(host, ASKED_LIST, path, err))
		return false;
	if (!entry && host->capture->has_lists)
		return capture_lacks(path, err);
	if (!entry)
		return list_live(host, path, arena, ret_names, ret_count, err);
	const char **names = ARENA_ARRAY(arena, const char *, entry->count);
	for (size_t i = 0; i < entry->count; i++)
		names[i] = arena_string(arena, entry->texts[i]);
	*ret_names = names;
	*ret_count = entry->count;
	return true;
}

bool host_list(const struct host *host, const char *path, struct arena *arena,
	       const char *const **ret_names, size_t *ret_count, struct error *err)
{
	struct error said = { .code = ERROR_NONE };
	bool good = capture_answers(host, path)
			    ? list_captured(host, path, arena, ret_names, ret_count, &said)
			    : list_live(host, path, arena, ret_names, ret_count, &said);

	if (good && recorder_wants(host, path))
		recorder_keep_names(host, path, *ret_names, *ret_count);
	else if (recorder_wants(host, path))
		recorder_keep_refusal(host, ASKED_LIST, path, &said);
	return good || pass(err, &said);
}

enum host_kind host_kind(const struct host *host, const char *path)
{
	struct host_status status;

	return host_status(host, path, &status, NULL) ? status.kind : HOST_NOTHING;
}

bool host_write_draft(const struct host *host, const char *path, struct span content,
		      struct error *err)
{
	char full[PATH_MAX];

	if (!join_root(host, path, full, err))
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

	if (!join_root(host, path, full, err))
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

	if (!join_root(host, path, full, err))
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

	if (!join_root(host, path, full, err))
		return false;
	if (unlink(full) != 0)
		return fail_system(err, "removing", full);
	return true;
}

bool host_remove_folder(const struct host *host, const char *path, struct error *err)
{
	char full[PATH_MAX];

	if (!join_root(host, path, full, err))
		return false;
	if (rmdir(full) != 0)
		return fail_system(err, "removing folder", full);
	return true;
}

bool host_rename(const struct host *host, const char *from, const char *to, struct error *err)
{
	char full_from[PATH_MAX];
	char full_to[PATH_MAX];

	if (!join_root(host, from, full_from, err) || !join_root(host, to, full_to, err))
		return false;
	if (rename(full_from, full_to) != 0)
		return fail_system(err, "renaming", full_from);
	return true;
}

int64_t host_unix_time(const struct host *host)
{
	struct timespec now;

	if (host && host->capture)
		return host->capture->unix_time;
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
