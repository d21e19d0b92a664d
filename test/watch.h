/*
 * A probe that looks at an invented machine, and what it saw.
 */
#pragma once

#include "probe/probe.h"
#include "test/root.h"

struct watch {
	struct root root;
	struct sightings sightings;
	struct probe_request request; /* all shares, 2 s a call; may be changed before watch_run */
};

/* The machine of these entries (see root_make); the node is "n1" of "p". */
void watch_make(struct watch *watch, const struct root_entry *entries);

/* Looks anew: what was seen before is forgotten. */
void watch_run(struct watch *watch, const struct probe *probe);

/* The only record of the measure (as "cpu.cores", without "node.") about the device (NULL: the
 * node); NULL when there is none. Several, and a record that the measure does not allow, fail the
 * test. */
const struct record *watch_find(const struct watch *watch, const char *measure, const char *device);

/* How many there are of the measure, about whatever device. */
unsigned watch_count(const struct watch *watch, const char *measure);

/* Fails the test unless the only record says this: a number ("4"), a state or a text as it is, "?"
 * and a piece of the reason, or NULL for no record at all. */
void watch_expect(const struct watch *watch, const char *measure, const char *device,
		  const char *says);

void watch_release(struct watch *watch);

#define SCOPED_WATCH(name) struct watch name __attribute__((cleanup(watch_release))) = { 0 }
