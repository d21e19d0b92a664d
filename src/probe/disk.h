/*
 * Disks and NVMe drives, as the kernel shows them, and the page in which a drive tells its health.
 */
#pragma once

#include "probe/mount.h"
#include "probe/sighting.h"

enum {
	DISKS_MAXIMUM = 512,
	SMART_BYTES = 192, /* of the page that are read here */
};

/* Adds size, model, firmware and use of each disk; what is mounted is told by the mounts, all of
 * them. Loops, memory and arrays are no disks. */
void disks_look(const struct host *host, const struct mount *mounts, size_t mount_count,
		struct sightings *sightings);

/* Names of the NVMe controllers, "nvme0"; at most DISKS_MAXIMUM. */
size_t nvme_names(const struct host *host, struct arena *arena, const char *const **ret_names);

/* Adds the state of each controller. */
void nvme_look(const struct host *host, const char *const *names, size_t count,
	       struct sightings *sightings);

/* Adds what the page says, given as hexadecimal digits of its first SMART_BYTES bytes; what is no
 * such text is unknown. */
void nvme_smart_take(struct span page, const char *device, struct sightings *sightings);

/* Adds that the page is unknown, and why. */
void nvme_smart_unknown(struct span why, const char *device, struct sightings *sightings);
