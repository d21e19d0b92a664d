#include "check/floor.h"

#include <string.h>

/* Floors go by model of GPU; of a model without a row only the range that is bad for all is known.
 */
static const char *choose_component(const struct check_input *seen, struct arena *arena)
{
	const struct shape_row *shape = seen->machine->shape;
	const char *component;

	if (!seen->handbook || !shape)
		return "rocm";
	component = arena_format(arena, "rocm:%s", shape->model);
	for (size_t i = 0; i < seen->handbook->floor_count; i++)
		if (strcmp(seen->handbook->floors[i].component, component) == 0)
			return component;
	return "rocm";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	(void)floor_find_software(seen, choose_component(seen, found->arena), "software:rocm",
				  "ROCm", found);
}

CHECK(rocm_floor) = {
	.title = "ROCm is at or above the floor for the GPU",
	.since = "0.1",
	.needs = "node.software",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_AMD,
	.judge = judge,
};
