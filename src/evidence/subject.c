#include "evidence/record.h"

#include <string.h>

const char *const subject_part_names[] = {
	[SUBJECT_PROVIDER] = "provider", [SUBJECT_PRODUCT] = "product", [SUBJECT_REGION] = "region",
	[SUBJECT_GPU] = "gpu",           [SUBJECT_CLUSTER] = "cluster", [SUBJECT_NODE] = "node",
	[SUBJECT_DEVICE] = "device",
};

const char *subject_name(const struct subject *subject, unsigned parts, struct arena *arena)
{
	const char *name = subject->parts[SUBJECT_PROVIDER];
	unsigned last = 0;

	for (unsigned i = 1; i < parts; i++)
		if (subject->parts[i])
			last = i;
	for (unsigned i = 1; i <= last; i++)
		name = arena_format(arena, "%s/%s", name,
				    subject->parts[i] ? subject->parts[i] : "*");
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
