/*
 * Whatever the kernel's list of mounts holds, each line is a mount or counted as none, and what is
 * asked for is one of them, at a place of its own.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "probe/mount.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct span rest = text, line;
	size_t lines = 0, bad = 0, count, selected;
	struct mount *mounts;

	SCOPED_ARENA(arena);
	while (span_cut(&rest, '\n', &line))
		lines++;
	count = mounts_parse(text, &arena, &mounts, &bad);
	assert(lines > MOUNTS_MAXIMUM || count + bad == lines);

	const struct mount **chosen = ARENA_ARRAY(&arena, const struct mount *, count);
	selected = mounts_select(mounts, count, chosen);
	assert(selected <= count);
	for (size_t i = 0; i < selected; i++) {
		assert(chosen[i]->path[0] == '/');
		assert(!memchr(chosen[i]->escaped.at, ' ', chosen[i]->escaped.length));
		assert(i == 0 || chosen[i - 1] < chosen[i]);
		(void)mount_is_read_only(chosen[i]);
	}
	return 0;
}
