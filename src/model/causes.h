/*
 * What failures come of: a counted list, as published reports of long runs have it.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/node.h"
#include "model/simulation.h"

/* A list of maps { cause: faulty GPU, count: 148, nodes: 1 }; `nodes` is 1 when it is left out and
 * 0 for what a restart cures. Counts become shares. */
bool causes_read(const struct node *list, const char *file, struct arena *arena,
		 const struct failure_cause **ret_causes, unsigned *ret_count, struct error *err);

/* Nodes that a failure takes on average; 1 for no causes. */
double causes_mean_nodes(const struct failure_cause *causes, unsigned count);
