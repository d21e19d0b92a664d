/*
 * What the commands that look at a machine share: which machine, what it is called, one look at it.
 */
#pragma once

#include "check/check.h"
#include "cli/load.h"
#include "probe/probe.h"

/* The machine of --root: captured, a plain root, or this one. */
bool node_open(const struct session *session, struct host *ret_host, struct error *err);

/* The subject of the options; the node's name is --node, else its host name. */
bool node_subject(const struct session *session, const struct host *host,
		  struct subject *ret_subject, struct error *err);

/* What was seen, ready for checks; all of it lives in the session's arena. */
struct node_look {
	struct sightings sightings;
	struct handbook handbook;
	struct check_input input; /* machine set; golden as --golden says */
};

/* Looks once, or twice when options->interval_s is set, and reads the tables and --golden. `shares`
 * as in probe.h. Shows its progress on a terminal. */
bool node_see(const struct session *session, const struct host *host, unsigned shares,
	      struct node_look *ret_look, struct error *err);
