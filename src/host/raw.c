#define _GNU_SOURCE /* O_DIRECT, F_OFD_SETLK */

#include "host/raw.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/below.h"
#include "host/clock.h"

int raw_open_folder(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int raw_open(int folder, const char *name, unsigned ways)
{
	int flags = O_CLOEXEC | O_NOFOLLOW;

	if (ways & RAW_WRITE)
		flags |= ways & RAW_READ ? O_RDWR : O_WRONLY;
	flags |= ways & RAW_CREATE ? O_CREAT : 0;
	flags |= ways & RAW_EXCLUSIVE ? O_EXCL : 0;
	flags |= ways & RAW_APPEND ? O_APPEND : 0;
	flags |= ways & RAW_DIRECT ? O_DIRECT : 0;
	flags |= ways & RAW_EMPTY ? O_TRUNC : 0;
	return openat(folder, name, flags, 0600);
}

bool raw_make_folder(int folder, const char *name)
{
	return mkdirat(folder, name, 0700) == 0;
}

bool raw_size(int folder, const char *name, uint64_t *ret_size)
{
	struct stat status;

	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	*ret_size = (uint64_t)status.st_size;
	return true;
}

bool raw_remove(int folder, const char *name)
{
	return unlinkat(folder, name, 0) == 0;
}

bool raw_remove_folder(int folder, const char *name)
{
	return unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

bool raw_rename(int folder, const char *from, const char *to)
{
	return renameat(folder, from, folder, to) == 0;
}

bool raw_count(int folder, const char *name, size_t *ret_count)
{
	int file = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *listing = file >= 0 ? fdopendir(file) : NULL;
	size_t count = 0;
	bool failed;

	if (!listing) {
		if (file >= 0)
			(void)close(file);
		return false;
	}
	errno = 0;
	while (readdir(listing))
		count++;
	failed = errno != 0;
	(void)closedir(listing);
	/* Some file systems do not list "." and "..": then it is a little low, which nobody asks.
	 */
	*ret_count = count >= 2 ? count - 2 : 0;
	return !failed;
}

void raw_forget(int file)
{
	(void)posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
}

static bool set_lock(int file, enum raw_lock kind, short type, bool waits)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };
	int command = kind == RAW_LOCK_POSIX ? (waits ? F_SETLKW : F_SETLK)
					     : (waits ? F_OFD_SETLKW : F_OFD_SETLK);

	if (kind == RAW_LOCK_FLOCK)
		return flock(file, (type == F_UNLCK ? LOCK_UN : LOCK_EX) | (waits ? 0 : LOCK_NB)) ==
		       0;
	return fcntl(file, command, &lock) == 0;
}

bool raw_lock(int file, enum raw_lock kind, bool waits)
{
	return set_lock(file, kind, F_WRLCK, waits);
}

bool raw_unlock(int file, enum raw_lock kind)
{
	return set_lock(file, kind, F_UNLCK, false);
}

void raw_pause_ns(int64_t ns)
{
	clock_sleep_ns(ns);
}

bool raw_drop_caches(void)
{
	SCOPED_FD(file) = -1;

	sync();
	file = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
	return file >= 0 && write(file, "3\n", 2) == 2;
}
