#define _GNU_SOURCE /* O_PATH */

#include "host/below.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	PATIENT_FLAGS = O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
	RACES_MAXIMUM = 8, /* a tree that is moved while a ".." is followed: then ask again */
};

void close_descriptor(const int *descriptor)
{
	if (*descriptor >= 0)
		(void)close(*descriptor);
}

bool fail_system(struct error *err, const char *what, const char *path)
{
	int number = errno;
	enum error_code code = ERROR_IO;

	if (number == ENOENT || number == ENOTDIR)
		code = ERROR_MISSING;
	else if (number == ENAMETOOLONG)
		code = ERROR_LIMIT;
	return fail(err, code, "%s '%s': %s", what, path, strerror(number));
}

bool read_some(int file, char *into, size_t size, size_t *ret_length)
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

const char *host_root_of(const struct host *host, const char *path)
{
	if (!host || !host->root || path[0] != '/')
		return NULL;
	return host->root[strspn(host->root, "/")] == '\0' ? NULL : host->root;
}

/* The next component of *rest, which moves behind it; empty at the end. */
static struct span next_step(const char **rest)
{
	const char *at = *rest + strspn(*rest, "/");
	struct span step = { .at = at, .length = strcspn(at, "/") };

	*rest = at + step.length;
	return step;
}

static bool is_last(const char *rest)
{
	return rest[strspn(rest, "/")] == '\0';
}

static bool join(char path[static PATH_MAX], struct span step)
{
	size_t length = strlen(path);

	if (length + 1 + step.length >= PATH_MAX)
		return false;
	path[length] = '/';
	memcpy(path + length + 1, step.at, step.length);
	path[length + 1 + step.length] = '\0';
	return true;
}

static void leave_last(char path[static PATH_MAX])
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
}

/* Puts the target of the link at `path` before the rest of the way. */
static int follow(struct walk *walk, const char *full, char rest[static PATH_MAX])
{
	char target[PATH_MAX];
	char joined[PATH_MAX];
	ssize_t length = readlink(full, target, sizeof(target) - 1);

	if (length < 0)
		return errno;
	target[length] = '\0';
	if (length == 0)
		return ENOENT;
	if (++walk->links > LINKS_MAXIMUM)
		return ELOOP;
	if (walk->on_step)
		walk->on_step(walk->context, walk->path, target);

	int needed = snprintf(joined, sizeof(joined), "%s/%s", target, rest);
	if (needed < 0 || (size_t)needed >= sizeof(joined))
		return ENAMETOOLONG;
	memcpy(rest, joined, (size_t)needed + 1);
	if (target[0] == '/')
		walk->path[0] = '\0';
	else
		leave_last(walk->path);
	return 0;
}

/* Looks at what `walk->path` has become; `rest` is what follows and changes with a link. */
static int look(struct walk *walk, char rest[static PATH_MAX])
{
	char full[PATH_MAX];
	struct stat status;
	int needed = snprintf(full, sizeof(full), "%s%s", walk->root ? walk->root : "", walk->path);

	if (needed < 0 || (size_t)needed >= sizeof(full))
		return ENAMETOOLONG;
	if (lstat(full, &status) != 0)
		return errno;
	if (S_ISLNK(status.st_mode) && !(walk->keep_last && is_last(rest)))
		return follow(walk, full, rest);
	if (S_ISDIR(status.st_mode) && walk->on_step)
		walk->on_step(walk->context, walk->path, NULL);
	return S_ISDIR(status.st_mode) || is_last(rest) ? 0 : ENOTDIR;
}

int walk_below(struct walk *walk, const char *path)
{
	char rest[PATH_MAX];
	int fault = 0;

	walk->path[0] = '\0';
	walk->links = 0;
	walk->lost = false;
	if (strlen(path) >= sizeof(rest))
		return ENAMETOOLONG;
	memcpy(rest, path, strlen(path) + 1);

	for (const char *at = rest;;) {
		struct span step = next_step(&at);

		if (step.length == 0)
			break;
		if (span_is(step, "."))
			continue;
		if (span_is(step, "..")) {
			leave_last(walk->path);
			walk->lost = walk->lost || fault != 0;
			continue;
		}
		if (!join(walk->path, step))
			return ENAMETOOLONG;
		if (fault != 0)
			continue;
		memmove(rest, at, strlen(at) + 1);
		at = rest;
		fault = look(walk, rest);
	}
	if (walk->path[0] == '\0')
		memcpy(walk->path, "/", sizeof("/"));
	return fault;
}

int open_below_by_steps(const char *root, const char *path, int flags)
{
	struct walk walk = { .root = root, .keep_last = flags & O_NOFOLLOW };
	char full[PATH_MAX];
	int fault = walk_below(&walk, path);
	int needed = snprintf(full, sizeof(full), "%s%s", root, walk.path);

	if (fault == 0 && (needed < 0 || (size_t)needed >= sizeof(full)))
		fault = ENAMETOOLONG;
	if (fault != 0) {
		errno = fault;
		return -1;
	}
	return open(full, flags | PATIENT_FLAGS | O_NOFOLLOW);
}

/* openat2 is younger than some kernels, and some containers refuse it. */
static bool kernel_cannot(int number)
{
	return number == ENOSYS || number == EPERM || number == EAGAIN;
}

int open_below(const struct host *host, const char *path, int flags)
{
	const char *root = host_root_of(host, path);
	struct open_how how = {
		.flags = (uint64_t)(unsigned)(flags | PATIENT_FLAGS),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long file = -1;

	if (!root)
		return open(path, flags | PATIENT_FLAGS);
	/* With O_PATH, openat2 refuses flags that would mean nothing, where open ignores them. */
	if (flags & O_PATH)
		how.flags = (uint64_t)(unsigned)flags | O_CLOEXEC;

	SCOPED_FD(folder) = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -1;
	for (unsigned i = 0; i < RACES_MAXIMUM; i++) {
		file = syscall(SYS_openat2, folder, path, &how, sizeof(how));
		if (file >= 0 || errno != EAGAIN)
			break;
	}
	if (file < 0 && kernel_cannot(errno))
		return open_below_by_steps(root, path, flags);
	return (int)file;
}
