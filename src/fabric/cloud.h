/*
 * What a cloud says of where its hosts lie: the answers of its interfaces, of the metadata address
 * of each host, and the labels that it puts on nodes of Kubernetes. All of them name, for each
 * host, the units that it is in; a placement is made of that. Nothing is guessed from names.
 */
#pragma once

#include "fabric/hosts.h"
#include "fabric/placement.h"

enum {
	CLOUD_BYTES_MAXIMUM = 256 << 20,
	CLOUD_NAME_MAXIMUM = 255, /* bytes of a host's or a unit's name */
};

struct cloud_host {
	const char *name; /* as the answer names it */
	const char *id;   /* the instance's; "" when it is the name, or not told */
	const char *units[PLACEMENT_TIERS_MAXIMUM]; /* the nearest first */
	unsigned unit_count;                        /* 0: not told, `why` says why */
	const char *why;
	const char *domain, *subdomain; /* NVLink; "" */
};

/* Which name the user gives to an instance. */
struct cloud_alias {
	const char *id, *name;
};

/* `struct cloud_hosts hosts = { .arena = &arena };` is ready. */
struct cloud_hosts {
	struct arena *arena;
	struct cloud_host *items;
	uint32_t count, room;
	struct cloud_alias *aliases;
	uint32_t alias_count, alias_room;
	const char *source; /* of the first: "OCI rdmaTopologyData"; NULL: none */
	bool is_partial;    /* an answer has a further page */
};

/* Whether the text is an answer that cloud_read knows. */
bool cloud_is(struct span text);

/* Adds the hosts of an answer in JSON: OCI's rdmaTopologyData and lists of compute hosts, AWS
 * DescribeInstanceTopology, instances of Nebius, Lambda and Google Cloud, nodes of Kubernetes. An
 * answer about one host that does not name it belongs to the host that the file is named for,
 * "n1.json"; lines of "NAME: {…}", as pdsh prints what each host answers, name it. Errors carry the
 * file. */
bool cloud_read(struct cloud_hosts *hosts, struct span text, const char *file, struct error *err);

/* Texts are copied. ERROR_INVALID for a host without a name, ERROR_LIMIT beyond the maxima. */
bool cloud_add(struct cloud_hosts *hosts, const struct cloud_host *host, struct error *err);

/* Lines of "NAME: INSTANCE" or "NAME INSTANCE", as pdsh prints what each host's metadata address
 * says its instance is: answers that know only the instance are then about that name. */
bool cloud_names_is(struct span text);
bool cloud_names_read(struct cloud_hosts *hosts, struct span text, const char *file,
		      struct error *err);

/* The hosts under the names that the user gives them, and of those that no answer tells of the
 * names alone. ERROR_CONFLICT when an instance has two names, or two have one. */
bool cloud_name_all(const struct cloud_hosts *hosts, struct arena *arena,
		    struct cloud_host **ret_named, uint32_t *ret_count, struct error *err);

/* Where all hosts lie. A unit is known by its name and what it lies in. A host whose instance no
 * answer tells of has no place. ERROR_CONFLICT when two answers put one host into two places, two
 * instances have one name, or one has two. */
bool cloud_place(const struct cloud_hosts *hosts, struct arena *arena,
		 struct placement *ret_placement, struct error *err);

/* Adds what hosts say themselves: those that no answer tells of, without a place; and their NVLink
 * domains, where no answer tells one. A host is one of the answers' when their names are alike, or
 * the parts of them before the first point. */
void cloud_join(struct placement *placement, const struct fabric_hosts *hosts, struct arena *arena);
