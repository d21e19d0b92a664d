/*
 * What was found of each host and leaf as evidence.
 */
#pragma once

#include "active/locate.h"
#include "probe/sighting.h"

/* Adds a verdict for each host and rail, or why there is none, and how much it lacks where that is
 * known; of leaves too. */
void locate_say(const struct locate_run *run, struct sightings *sightings);
