#include "probe/mount.h"

#include <stdlib.h>
#include <string.h>

#include "host/system.h"

enum {
	MOUNTS_BYTES = 4 << 20, /* of the kernel's list */
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

const char *mount_unescape(struct span text, struct arena *arena)
{
	char *into = arena_take(arena, text.length + 1);
	size_t length = 0;

	for (size_t i = 0; i < text.length; i++) {
		const char *at = text.at + i;

		if (*at == '\\' && text.length - i > 3 && at[1] <= '3' && is_octal(at[1]) &&
		    is_octal(at[2]) && is_octal(at[3])) {
			into[length++] =
				(char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
			i += 3;
		} else {
			into[length++] = *at;
		}
	}
	return into;
}

/* "26 1 254:0 / /home rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard" */
static bool parse_line(struct span line, struct arena *arena, struct mount *ret_mount)
{
	struct span id, parent, field, source;
	struct mount mount = { .path = NULL };

	if (!span_cut(&line, ' ', &id) || !span_cut(&line, ' ', &parent) ||
	    !span_cut(&line, ' ', &mount.device) || !span_cut(&line, ' ', &mount.root) ||
	    !span_cut(&line, ' ', &mount.escaped) || !span_cut(&line, ' ', &mount.options))
		return false;
	/* Optional fields, as many as there are, end with a dash. */
	do {
		if (!span_cut(&line, ' ', &field))
			return false;
	} while (!span_is(field, "-"));
	/* An empty source leaves two blanks. */
	if (!span_cut(&line, ' ', &mount.type) || !span_cut(&line, ' ', &source) ||
	    mount.escaped.length == 0 || mount.escaped.at[0] != '/')
		return false;
	mount.super = line;
	mount.path = mount_unescape(mount.escaped, arena);
	mount.source = mount_unescape(source, arena);
	*ret_mount = mount;
	return true;
}

size_t mounts_parse(struct span text, struct arena *arena, struct mount **ret_mounts,
		    size_t *ret_bad)
{
	size_t lines = 0, count = 0, bad = 0;
	struct span rest = text, line;

	while (lines < MOUNTS_MAXIMUM && span_cut(&rest, '\n', &line))
		lines++;
	*ret_mounts = ARENA_ARRAY(arena, struct mount, lines);
	for (size_t i = 0; i < lines && span_cut(&text, '\n', &line); i++) {
		if (parse_line(line, arena, &(*ret_mounts)[count]))
			count++;
		else
			bad++;
	}
	*ret_bad = bad;
	return count;
}

/* Without storage of their own, or, as autofs, without one until somebody asks. */
static bool is_pseudo(const struct mount *mount)
{
	static const char *const types[] = {
		"autofs",   "binfmt_misc", "bpf",         "cgroup",     "cgroup2",
		"configfs", "debugfs",     "devpts",      "devtmpfs",   "efivarfs",
		"fusectl",  "fuse.lxcfs",  "fuse.portal", "hugetlbfs",  "mqueue",
		"nfsd",     "nsfs",        "proc",        "pstore",     "ramfs",
		"resctrl",  "rootfs",      "rpc_pipefs",  "securityfs", "selinuxfs",
		"smackfs",  "squashfs",    "sysfs",       "tracefs",    "fuse.gvfsd-fuse",
		"iso9660",
	};

	for (size_t i = 0; i < COUNT(types); i++)
		if (span_is(mount->type, types[i]))
			return true;
	return false;
}

/* Folders in which programs mount what is theirs. */
static bool is_inner(const struct mount *mount)
{
	static const char *const folders[] = {
		"/dev/",
		"/etc/",
		"/proc/",
		"/run/",
		"/snap/",
		"/sys/",
		"/var/lib/containerd/",
		"/var/lib/containers/",
		"/var/lib/docker/",
		"/var/lib/kubelet/",
		"/var/snap/",
	};

	for (size_t i = 0; i < COUNT(folders); i++)
		if (strncmp(mount->path, folders[i], strlen(folders[i])) == 0)
			return true;
	return false;
}

static bool is_of_interest(const struct mount *mount)
{
	if (strcmp(mount->path, "/dev/shm") == 0)
		return true;
	if (is_pseudo(mount) || is_inner(mount))
		return false;
	if (span_is(mount->type, "tmpfs"))
		return strcmp(mount->path, "/tmp") == 0;
	if (span_is(mount->type, "overlay"))
		return strcmp(mount->path, "/") == 0;
	return true;
}

static int compare_places(const void *left, const void *right)
{
	const struct mount *a = *(const struct mount *const *)left;
	const struct mount *b = *(const struct mount *const *)right;

	return a < b ? -1 : a > b;
}

static int compare_paths(const void *left, const void *right)
{
	const struct mount *a = *(const struct mount *const *)left;
	const struct mount *b = *(const struct mount *const *)right;
	int order = strcmp(a->path, b->path);

	if (order != 0)
		return order;
	return compare_places(left, right);
}

size_t mounts_select(const struct mount *mounts, size_t count, const struct mount **into)
{
	size_t found = 0, kept = 0;

	for (size_t i = 0; i < count; i++)
		if (is_of_interest(&mounts[i]))
			into[found++] = &mounts[i];
	if (found > 1)
		qsort(into, found, sizeof(struct mount *), compare_paths);
	for (size_t i = 0; i < found; i++)
		if (i + 1 == found || strcmp(into[i]->path, into[i + 1]->path) != 0)
			into[kept++] = into[i];
	/* Names may be others in a capture, and the order must not be. */
	if (kept > 1)
		qsort(into, kept, sizeof(struct mount *), compare_places);
	return kept;
}

static bool has_option(struct span options, const char *name)
{
	struct span option;

	while (span_cut(&options, ',', &option))
		if (span_is(option, name))
			return true;
	return false;
}

bool mount_is_read_only(const struct mount *mount)
{
	return has_option(mount->options, "ro") || has_option(mount->super, "ro");
}

/* True when the folder lies at or below the mount. */
static bool is_above(const char *mount, const char *folder)
{
	size_t length = strcmp(mount, "/") == 0 ? 0 : strlen(mount);

	return strncmp(mount, folder, length) == 0 &&
	       (folder[length] == '/' || folder[length] == '\0');
}

const char *mount_type(const struct host *host, const char *folder, struct arena *arena)
{
	const struct mount *nearest = NULL;
	struct mount *mounts;
	const char *real;
	struct span text;
	struct error err;
	size_t bad, count;

	if (!host_real_path(host, folder, arena, &real, &err) ||
	    !host_peek(host, "/proc/self/mountinfo", MOUNTS_BYTES, arena, &text, &err))
		return "";
	count = mounts_parse(text, arena, &mounts, &bad);
	for (size_t i = 0; i < count; i++) {
		/* Of several at one place the last lies on top. */
		if (is_above(mounts[i].path, real) &&
		    (!nearest || strlen(mounts[i].path) >= strlen(nearest->path)))
			nearest = &mounts[i];
	}
	return nearest ? arena_string(arena, nearest->type) : "";
}
