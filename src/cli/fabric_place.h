/* Where hosts lie, by whatever the files tell: a fabric's wiring, or what a cloud says itself. */
#pragma once

#include "cli/command.h"
#include "fabric/layout.h"
#include "fabric/topology.h"

/* What a fabric's wiring tells besides the places of hosts. */
struct fabric_wiring {
	struct topology_network network;
	const struct layout *layout; /* with its findings; NULL: a cloud said where hosts lie */
};

/* Reads the files, and finds the layout where they tell of a fabric. A cloud's own answer is
 * stronger than what the wiring suggests. `ret_wiring` may be NULL. Everything lives in the
 * session's arena. */
bool fabric_place(const struct session *session, const char *const *paths, size_t count,
		  struct placement *ret_placement, struct fabric_wiring *ret_wiring,
		  struct error *err);
