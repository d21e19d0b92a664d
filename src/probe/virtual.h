/*
 * What lies between this process and the hardware: a hypervisor, and a container. Two facts: a
 * container in a virtual machine is both.
 */
#pragma once

#include "probe/sighting.h"

/* Adds what is below the kernel: NODE_VIRTUAL. */
void virtual_look(const struct host *host, struct sightings *sightings);

/* Adds what is around this process, NODE_CONTAINER, and returns it; NULL when it is unknown. */
const char *container_look(const struct host *host, struct sightings *sightings);
