/*
 * Modules of the running kernel.
 */
#pragma once

#include "probe/sighting.h"

/* Records the state of each module that a check may ask for. */
void modules_see(const struct host *host, struct sightings *sightings);
