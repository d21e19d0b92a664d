/*
 * Services of the machine: which run, which are only there.
 */
#pragma once

#include "probe/sighting.h"

/* Records the state of each service that a check may ask for. */
void services_see(const struct host *host, struct sightings *sightings);
