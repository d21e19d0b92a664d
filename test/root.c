#define _GNU_SOURCE /* nftw, mkdtemp */

#include "test/root.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void make_above(struct root *root, const char *full)
{
	for (const char *slash = full + strlen(root->folder); (slash = strchr(slash + 1, '/'));) {
		const char *folder =
			arena_string(&root->arena, (struct span){ full, (size_t)(slash - full) });

		if (mkdir(folder, 0755) != 0 && errno != EEXIST)
			fail_msg("making '%s': %s", folder, strerror(errno));
	}
}

static const char *place(struct root *root, const char *path)
{
	if (path[0] != '/')
		fail_msg("'%s' is not an absolute path", path);
	return arena_format(&root->arena, "%s%s", root->folder, path);
}

void root_put_bytes(struct root *root, const char *path, struct span bytes)
{
	const char *full = place(root, path);
	FILE *file;

	make_above(root, full);
	(void)unlink(full);
	file = fopen(full, "we");
	if (!file || fwrite(bytes.at, 1, bytes.length, file) != bytes.length || fclose(file) != 0)
		fail_msg("writing '%s': %s", full, strerror(errno));
}

static void put_link(struct root *root, const char *path, const char *target)
{
	const char *full = place(root, path);

	make_above(root, full);
	(void)unlink(full);
	if (symlink(target, full) != 0)
		fail_msg("linking '%s': %s", full, strerror(errno));
}

void root_put(struct root *root, const char *path, const char *text)
{
	if (path[strlen(path) - 1] == '/')
		make_above(root, place(root, path));
	else if (!text)
		put_link(root, path, strrchr(path, '/') + 1);
	else if (strncmp(text, "-> ", 3) == 0)
		put_link(root, path, text + 3);
	else
		root_put_bytes(root, path, span_of(text));
}

void root_make(struct root *root, const struct root_entry *entries)
{
	const char *above = getenv("TMPDIR");
	char folder[256];

	*root = (struct root){ 0 };
	(void)snprintf(folder, sizeof(folder), "%s/assay-root-XXXXXX", above ? above : "/tmp");
	if (!mkdtemp(folder))
		fail_msg("making '%s': %s", folder, strerror(errno));
	root->folder = arena_string(&root->arena, span_of(folder));
	root->host.root = root->folder;
	for (; entries && entries->path; entries++)
		root_put(root, entries->path, entries->text);
}

static int drop(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

void root_drop(struct root *root, const char *path)
{
	const char *full = place(root, path);

	if (nftw(full, drop, 16, FTW_DEPTH | FTW_PHYS) != 0)
		fail_msg("removing '%s': %s", full, strerror(errno));
}

void root_release(struct root *root)
{
	if (root->folder)
		(void)nftw(root->folder, drop, 16, FTW_DEPTH | FTW_PHYS);
	arena_release(&root->arena);
	*root = (struct root){ 0 };
}
