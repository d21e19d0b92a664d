#include "evidence/record.h"

#include <string.h>

const char *const subject_part_names[] = {
	[SUBJECT_PROVIDER] = "provider", [SUBJECT_PRODUCT] = "product", [SUBJECT_REGION] = "region",
	[SUBJECT_GPU] = "gpu",           [SUBJECT_CLUSTER] = "cluster", [SUBJECT_NODE] = "node",
	[SUBJECT_DEVICE] = "device",
};

const char *subject_name(const struct subject *subject, unsigned parts, struct arena *arena)
{
	struct span pieces[SUBJECT_PART_COUNT];
	unsigned count = 1;
	size_t length = 0;
	char *name, *at;

	for (unsigned i = 1; i < parts; i++)
		if (subject->parts[i])
			count = i + 1;
	if (count == 1)
		return subject->parts[SUBJECT_PROVIDER];
	for (unsigned i = 0; i < count; i++) {
		pieces[i] = span_of(subject->parts[i] ? subject->parts[i] : "*");
		length += pieces[i].length + 1;
	}
	name = at = arena_take(arena, length);
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			*at++ = '/';
		memcpy(at, pieces[i].at, pieces[i].length);
		at += pieces[i].length;
	}
	return name;
}

bool subject_covers(const struct subject *wide, const struct subject *narrow, unsigned parts)
{
	for (unsigned i = 0; i < parts; i++) {
		if (!wide->parts[i])
			continue;
		if (!narrow->parts[i] || strcmp(wide->parts[i], narrow->parts[i]) != 0)
			return false;
	}
	return true;
}

unsigned subject_depth(const struct subject *subject, unsigned parts)
{
	unsigned depth = 0;

	for (unsigned i = 0; i < parts; i++)
		depth += subject->parts[i] != NULL;
	return depth;
}
