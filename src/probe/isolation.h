/*
 * What a tenant of an InfiniBand fabric can see of it that is not his: by questions that change
 * nothing, few and slow. Whatever is of others is told by counts and by hashes whose salt is kept
 * nowhere.
 */
#pragma once

#include "probe/asker.h"
#include "probe/sighting.h"

enum {
	ISOLATION_SALT_BYTES = 32,
	ISOLATION_OWN_MAXIMUM = 65536,
	ISOLATION_ENDPOINTS_MAXIMUM = 4096, /* devices that the walk takes in */
};

struct isolation_request {
	const struct host *host;
	const struct mad_door *door; /* NULL: it could not be opened */
	const char *why;             /* why not */
	const uint64_t *own; /* GUIDs of the tenant's other nodes; those of this one are found */
	size_t own_count;
	uint8_t salt[ISOLATION_SALT_BYTES];
	unsigned per_second; /* questions; at least 1 */
	unsigned questions;  /* of the whole at most */
};

/* Adds what is seen. */
void isolation_look(const struct isolation_request *request, struct sightings *sightings);

/* The GUIDs of a list: words that begin with 0x; '#' begins a comment. ERROR_PARSE with the line of
 * a word that is none, ERROR_LIMIT beyond ISOLATION_OWN_MAXIMUM. */
bool isolation_read_own(struct span text, const char *file, struct arena *arena,
			const uint64_t **ret_guids, size_t *ret_count, struct error *err);

/* Private to the parts. */
struct isolation {
	const struct isolation_request *request;
	struct sightings *sightings;
	struct arena *arena;
	struct asker asker;
	uint64_t *own; /* with those of this node */
	size_t own_count;
	uint64_t *foreign; /* that were seen, each once */
	size_t foreign_count;
	uint16_t switch_lid; /* of the switch beside; 0: not known */
};

/* Records what became of a question: "answered", "refused 0x001c", "silent", "unusable", or that it
 * could not be told. */
void isolation_say(struct isolation *isolation, const char *device, enum reply reply,
		   const struct mad *mad);

/* Counts a device that was seen; true when it is of somebody else. */
bool isolation_meet(struct isolation *isolation, uint64_t guid);

/* Goes from switch to switch and counts what is there. */
void isolation_walk(struct isolation *isolation);
