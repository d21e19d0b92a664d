/* Where hosts lie, by whatever the files tell: a fabric's wiring, or what a cloud says itself. */
#pragma once

#include "cli/command.h"
#include "fabric/topology.h"

/* Reads the files, and finds the layout where they tell of a fabric. A cloud's own answer is
 * stronger than what the wiring suggests. `ret_network` may be NULL. Everything lives in the
 * session's arena. */
bool fabric_place(const struct session *session, const char *const *paths, size_t count,
		  struct placement *ret_placement, struct topology_network *ret_network,
		  struct error *err);
