/*
 * What the commands that look at a machine share: which machine, what it is called, one look at it.
 */
#pragma once

#include "check/checkup.h"
#include "cli/against.h"
#include "cli/load.h"
#include "probe/probe.h"

/* The exit status that the gate of a checkup gives. */
int node_status(const struct checkup *checkup);

/* The machine of --root: captured, a plain root, or this one. */
bool node_open(const struct session *session, struct host *ret_host, struct error *err);

/* The subject of the options; the node's name is --node, else its host name. */
bool node_subject(const struct session *session, const struct host *host,
		  struct subject *ret_subject, struct error *err);

/* What was seen, ready for checks; all of it lives in the session's arena. */
struct node_look {
	struct sightings sightings;
	struct handbook handbook;
	struct against against;
	struct check_input input; /* machine set; what it is held against as the options say */
};

/* Whether the options that a bundle needs go together: for who takes long until it is written. */
bool node_check_bundle(const struct session *session, struct error *err);

/* Writes the bundle of --bundle, signed when --key and --nonce say so; nothing without --bundle. */
bool node_write_bundle(const struct session *session, const struct sightings *sightings,
		       struct error *err);

/* The same of records that are about no node. */
bool node_write_records(const struct session *session, struct record *records, size_t count,
			int64_t created, struct error *err);

/* Makes the input of checks of what was seen: look->sightings and look->handbook are there. To be
 * called again when more was seen. */
bool node_prepare(const struct session *session, struct node_look *look, struct error *err);

/* Writes the result of an audit as a table or, with --format json, as JSON; `all`: what is well
 * too. Returns node_status(). */
int node_write_audit(const struct session *session, const struct node_look *look,
		     const struct checkup *checkup, bool all);

/* Looks once, or twice when options->interval_s is set, and reads the tables and what the
 * node is held against. `shares`
 * as in probe.h. Shows its progress on a terminal. */
bool node_see(const struct session *session, const struct host *host, unsigned shares,
	      struct node_look *ret_look, struct error *err);
