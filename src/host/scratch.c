#define _GNU_SOURCE /* mkdtemp, O_DIRECTORY */

#include "host/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "host/below.h"
#include "host/system.h"

enum {
	OWNER_MAXIMUM = 1024,
	DEPTH_MAXIMUM = 64,
	STAT_STARTED = 22, /* of /proc/PID/stat: when the process was started */
	/* Between making a folder and signing it lie milliseconds, and clocks of servers differ. */
	UNSIGNED_S = 3600,
};

#define OWNER "owner"
#define OWNER_FORM "assay-scratch/v1"

/* "gone" when there is no such process. */
static const char *started(const struct host *here, uint64_t process, struct arena *arena)
{
	const char *path = arena_format(arena, "/proc/%llu/stat", (unsigned long long)process);
	struct span text, word = SPAN("");
	struct error err;

	if (!host_peek(here, path, OWNER_MAXIMUM, arena, &text, &err))
		return "gone";
	/* The name of the program may hold anything; what follows its last bracket does not. */
	while (text.length > 0 && memchr(text.at, ')', text.length))
		(void)span_cut(&text, ')', &word);
	text = span_trim(text);
	for (unsigned i = 3; i <= STAT_STARTED; i++)
		if (!span_cut(&text, ' ', &word))
			return "unknown";
	return arena_string(arena, word);
}

static const char *processes_of(const struct host *here, struct arena *arena)
{
	const char *space;
	struct error err;

	return host_link(here, "/proc/self/ns/pid", arena, &space, &err) ? space : "-";
}

/* What stands in the file: who holds the folder. Names of machines have no blanks. */
static const char *sign(const struct host *here, struct arena *arena)
{
	/* The parent is who the worker works for, and lives as long as the run does. */
	uint64_t process = (uint64_t)getppid();

	return arena_format(arena, OWNER_FORM " %s %s %s %llu %s\n", host_name(here, arena),
			    host_boot_id(here, arena), processes_of(here, arena),
			    (unsigned long long)process, started(here, process, arena));
}

bool scratch_make(const struct host *here, const char *folder, char ret_path[static PATH_MAX],
		  struct error *err)
{
	SCOPED_ARENA(arena);
	SCOPED_FD(owner) = -1;
	SCOPED_FD(made) = -1;
	int needed = snprintf(ret_path, PATH_MAX, "%s/" SCRATCH_PREFIX "XXXXXX", folder);

	if (needed < 0 || needed >= PATH_MAX - NAME_MAX)
		return fail(err, ERROR_LIMIT, "'%s' is too long a path", folder);
	if (!mkdtemp(ret_path))
		return fail_system(err, "making a folder in", folder);
	made = open(ret_path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	owner = made < 0 ? -1
			 : openat(made, OWNER, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
				  0600);
	if (owner >= 0 && write_whole(owner, span_of(sign(here, &arena))))
		return true;
	(void)fail_system(err, "writing into", ret_path);
	(void)scratch_remove(ret_path, NULL, NULL);
	return false;
}

/* One folder that is being emptied. */
struct emptying {
	dev_t device;
	unsigned depth;
	const struct scratch_watch *watch;
};

static bool empty_folder(int folder, const struct emptying *emptying);

static bool remove_entry(int folder, const char *name, const struct emptying *emptying)
{
	struct stat status;
	int fault;

	if (emptying->watch)
		emptying->watch->goes_on(emptying->watch->context);
	fault = unlinkat(folder, name, 0) == 0 ? 0 : errno;

	if (fault == 0 || fault == ENOENT)
		return true;
	if (fault != EISDIR && fault != EPERM)
		return false;

	SCOPED_FD(below) = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct emptying deeper = { .device = emptying->device,
				   .depth = emptying->depth + 1,
				   .watch = emptying->watch };
	if (below < 0 || fstat(below, &status) != 0)
		return false;
	errno = EXDEV;
	return status.st_dev == emptying->device && deeper.depth < DEPTH_MAXIMUM &&
	       empty_folder(below, &deeper) && unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

static bool empty_folder(int folder, const struct emptying *emptying)
{
	int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = again >= 0 ? fdopendir(again) : NULL;
	const struct dirent *entry;
	bool good = true;

	if (!listing) {
		if (again >= 0)
			(void)close(again);
		return false;
	}
	/* The owner's file goes last, so that what is left of a removal that was killed is still
	 * recognised. */
	while (good && (entry = readdir(listing)))
		good = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		       (emptying->depth == 0 && strcmp(entry->d_name, OWNER) == 0) ||
		       remove_entry(folder, entry->d_name, emptying);
	int kept = errno;
	(void)closedir(listing);
	errno = kept;
	return good;
}

bool scratch_remove(const char *path, const struct scratch_watch *watch, struct error *err)
{
	SCOPED_FD(folder) = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (folder < 0 && errno == ENOENT)
		return true;
	if (folder < 0 || fstat(folder, &status) != 0)
		return fail_system(err, "opening", path);

	const struct emptying emptying = { .device = status.st_dev, .watch = watch };
	/* A client of NFS keeps a file that was removed while it was open under another name for a
	 * moment: a second try finds it gone. */
	bool is_empty = empty_folder(folder, &emptying);
	if (!is_empty)
		is_empty = empty_folder(folder, &emptying);
	if (!is_empty)
		return fail_system(err, "emptying", path);
	if (unlinkat(folder, OWNER, 0) != 0 && errno != ENOENT)
		return fail_system(err, "emptying", path);
	if (rmdir(path) != 0 && errno != ENOENT)
		return fail_system(err, "removing", path);
	return true;
}

/* Whose folder it is, told by its file. */
enum owner {
	OWNER_OVER,
	OWNER_OTHER, /* of another machine, or goes on */
	OWNER_NOBODY /* not a folder of ours */
};

static enum owner owner_of_text(const struct host *here, struct span text, struct arena *arena)
{
	struct span words[6];
	uint64_t process;

	if (text.length > 0 && text.at[text.length - 1] == '\n')
		text.length--;
	for (unsigned i = 0; i < 6; i++)
		if (!span_cut(&text, ' ', &words[i]))
			return OWNER_NOBODY;
	if (!span_is(words[0], OWNER_FORM) || !span_to_u64(words[4], &process))
		return OWNER_NOBODY;
	if (!span_is(words[1], host_name(here, arena)))
		return OWNER_OTHER;
	/* Another start of the same machine: nothing of it goes on. */
	if (!span_is(words[2], host_boot_id(here, arena)))
		return OWNER_OVER;
	/* Processes of another container cannot be seen, and may go on. */
	if (!span_is(words[3], processes_of(here, arena)))
		return OWNER_OTHER;
	return span_is(words[5], started(here, process, arena)) ? OWNER_OTHER : OWNER_OVER;
}

static enum owner owner_of(const struct host *here, int parent, const char *name)
{
	SCOPED_ARENA(arena);
	SCOPED_FD(folder) = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	SCOPED_FD(file) = -1;
	char text[OWNER_MAXIMUM];
	struct stat status;
	size_t length = 0;

	if (folder < 0 || fstat(folder, &status) != 0 || status.st_uid != geteuid())
		return OWNER_NOBODY;
	file = openat(folder, OWNER, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
	    !read_some(file, text, sizeof(text), &length))
		return OWNER_NOBODY;
	return owner_of_text(here, (struct span){ text, length }, &arena);
}

/* A run that was killed before it signed its folder, or after it removed the signature, leaves one
 * of our name and mode that is empty: one that has long been so is nobody's. Whatever lies in it
 * keeps it, because rmdir() removes empty folders alone. */
static bool remove_unsigned(const struct host *here, int parent, const char *name)
{
	struct stat status;

	return strlen(name) == sizeof(SCRATCH_PREFIX "XXXXXX") - 1 &&
	       fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(status.st_mode) && (status.st_mode & 07777) == 0700 &&
	       status.st_uid == geteuid() &&
	       host_unix_time(here) - (int64_t)status.st_mtime > UNSIGNED_S &&
	       unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

static void sweep_one(const struct host *here, int parent, const char *folder, const char *name,
		      struct scratch_leftovers *leftovers)
{
	char path[PATH_MAX];
	int needed;

	switch (owner_of(here, parent, name)) {
	case OWNER_OVER:
		needed = snprintf(path, sizeof(path), "%s/%s", folder, name);
		if (needed > 0 && needed < PATH_MAX && scratch_remove(path, NULL, NULL))
			leftovers->removed++;
		return;
	case OWNER_OTHER:
		leftovers->kept++;
		return;
	case OWNER_NOBODY:
		leftovers->removed += remove_unsigned(here, parent, name);
		return;
	}
}

bool scratch_sweep(const struct host *here, const char *folder,
		   struct scratch_leftovers *ret_leftovers, struct error *err)
{
	struct scratch_leftovers leftovers = { 0 };
	const struct dirent *entry;
	DIR *listing = opendir(folder);

	if (!listing)
		return fail_system(err, "opening", folder);
	while ((entry = readdir(listing)))
		if (strncmp(entry->d_name, SCRATCH_PREFIX, sizeof(SCRATCH_PREFIX) - 1) == 0)
			sweep_one(here, dirfd(listing), folder, entry->d_name, &leftovers);
	(void)closedir(listing);
	*ret_leftovers = leftovers;
	return true;
}

bool scratch_space(const char *folder, uint64_t *ret_bytes, struct error *err)
{
	struct statvfs space;

	if (statvfs(folder, &space) != 0)
		return fail_system(err, "asking for the free space of", folder);
	*ret_bytes = (uint64_t)space.f_bavail * (uint64_t)space.f_frsize;
	return true;
}
