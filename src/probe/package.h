/*
 * The packages of the distribution, as dpkg keeps them in /var/lib/dpkg/status.
 */
#pragma once

#include "host/system.h"

struct package {
	struct span name;
	struct span version; /* as the distribution writes it: "5:29.7.0-1~ubuntu.24.04~noble" */
};

enum package_manager {
	PACKAGES_DPKG,
	PACKAGES_RPM,     /* its database is not read */
	PACKAGES_NONE,    /* no list of packages was found */
	PACKAGES_REFUSED, /* there is one, and it could not be read */
};

struct packages {
	enum package_manager manager;
	const char *why;       /* why no version comes from packages; NULL with PACKAGES_DPKG */
	struct package *items; /* whose files are there, by name */
	size_t count;
};

enum {
	PACKAGE_STATUS_MAXIMUM = 32 << 20,
	PACKAGES_MAXIMUM = 65536,
};

struct packages packages_read(const struct host *host, struct arena *arena);

/* Of the text of a status file; entries without a name, a version or files are left out. False when
 * there are more than PACKAGES_MAXIMUM. */
bool packages_parse(struct span status, struct arena *arena, struct packages *ret_packages);

/* A name that ends with '*' finds the newest of those that go on with a digit there. NULL when
 * there is none. */
const struct package *packages_find(const struct packages *packages, struct span name);

/* The program's own version in that of a package, without epoch, revision and what a distribution
 * adds: "29.7.0", "1.5.0-rc.3". */
const char *package_upstream(struct span version, struct arena *arena);
