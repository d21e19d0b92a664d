#include "test/places.h"

enum {
	UNITS = 6,
	HOSTS = 10,
};

struct placement *places_make(struct arena *arena)
{
	static const struct placement_unit units[UNITS] = {
		{ "leaf1", 3, 0, 4 }, { "leaf2", 3, 0, 4 }, { "leaf3", 4, 0, 4 },
		{ "pod1", 5, 1, 4 },  { "pod2", 5, 1, 4 },  { "core", UINT32_MAX, 2, 16 },
	};
	struct placement *placement = ARENA_NEW(arena, struct placement);

	*placement = (struct placement){
		.units = ARENA_ARRAY(arena, struct placement_unit, UNITS),
		.unit_count = UNITS,
		.tier_count = 3,
		.hosts = ARENA_ARRAY(arena, struct placement_host, HOSTS),
		.host_count = HOSTS,
		.placed = HOSTS,
		.source = "a test",
	};
	for (uint32_t i = 0; i < UNITS; i++)
		placement->units[i] = units[i];
	for (uint32_t i = 0; i < HOSTS; i++)
		placement->hosts[i] = (struct placement_host){
			.name = arena_format(arena, "n%u", i + 1),
			.unit = i / 4,
			.why = "",
			.domain = "",
			.subdomain = "",
		};
	return placement;
}
