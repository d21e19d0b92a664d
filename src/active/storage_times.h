/*
 * How long each of many operations took.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "probe/sighting.h"

struct storage_times {
	double *values; /* seconds */
	size_t count, room;
};

/* Room for so many; later ones are left out. */
void times_start(struct storage_times *times, size_t room, struct arena *arena);

void times_add(struct storage_times *times, double seconds);

/* The time that `share` of them (0.99) stay below or at: the nearest rank. NAN of none. Sorts. */
double times_percentile(struct storage_times *times, double share);

double times_sum(const struct storage_times *times);
