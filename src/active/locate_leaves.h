/*
 * Which leaf each host is on, and how leaves are used: hosts are judged among those of their leaf,
 * and then the ways between leaves.
 */
#pragma once

#include "active/locate_hosts.h"
#include "fabric/placement.h"

/* All hosts that lie somewhere in the fabric, are named, and so that a launcher may take it, each
 * its own address. ERROR_INVALID when they are too few. */
bool locate_hosts_placed(const struct placement *placement, struct arena *arena,
			 struct locate_hosts *ret_hosts, struct error *err);

/* Gives each host the leaf that the fabric has it on; a host is known by its name, else by what
 * stands before the first dot of it. ERROR_CONFLICT when hosts have leaves already, ERROR_MISSING
 * when the fabric knows none of them. */
bool locate_hosts_place(struct locate_hosts *hosts, const struct placement *placement,
			struct arena *arena, struct error *err);

/* Of each host, within which group it is paired: its leaf, where that has hosts enough; the others
 * are a group of their own, or too few for that and with those of the largest leaf. NULL: anybody
 * with anybody. */
uint32_t *locate_groups(const struct locate_hosts *hosts, struct arena *arena);

/* Whether the ways between leaves are judged. */
bool locate_has_ways(const struct locate_hosts *hosts);

/* What is not as one would expect where leaves are told, in a line; "" when all is. */
const char *locate_leaves_note(const struct locate_hosts *hosts, struct arena *arena);
