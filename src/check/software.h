/*
 * Whether software, services, modules, files and settings are there, in the words of the probes.
 */
#pragma once

#include "check/check.h"

/* One thing to look for, such as { NODE_SOFTWARE, "software:git" }. */
struct item {
	enum measure measure; /* software, service, module, file or setting */
	const char *device;
};

/* "absent" and "unset" are absent; what was not recorded or could not be told is unknown. A service
 * that is stopped is there, and so is software with a path or a package and no known version. */
enum presence item_presence(const struct machine *machine, struct item item);

/* The version of "software:NAME"; NULL when it is not there, or not known. */
const char *software_version(const struct machine *machine, const char *device);

/* UNKNOWN about the node because such a thing is: the text names it and the reason. */
struct finding *item_unknown(struct findings *found, const struct machine *machine,
			     enum measure measure, const char *device);

/* "git" of "software:git". */
const char *item_name(struct item item);

/* Of several items, how many are there, their names joined by ", ", and why one is unknown. */
struct roll {
	unsigned count[PRESENCE_PRESENT + 1];
	const char *names[PRESENCE_PRESENT + 1]; /* "" for none */
	const char *reason;                      /* of the first unknown one; NULL without */
	const struct record *records[4];         /* the first four; NULL where fewer */
};

struct roll roll_call(const struct machine *machine, const struct item *items, size_t count,
		      struct arena *arena);

/* Adds the roll's records to what the finding rests on. Returns the finding. */
struct finding *finding_rests_on_roll(struct finding *finding, const struct roll *roll);

/* What a check asks of a list of items. */
struct demand {
	const struct item *items;
	size_t count;
	unsigned tolerated; /* lacking so many is WARN; more is `lacking` */
	enum verdict lacking;
	const char *action; /* for those that lack */
};

/* All have to be there: one finding for the node. An unknown one makes it UNKNOWN unless those that
 * lack are already too many. */
void demand_all(const struct check_input *seen, const struct demand *demand,
		struct findings *found);

/* True when one of the items is there. Otherwise a finding says that the check does not apply
 * ("no Slurm on this node"), or, when one is unknown, that this cannot be told. */
bool items_apply(const struct machine *machine, const struct item *items, size_t count,
		 const char *what, struct findings *found);

/* items_apply for Slurm and for a node of Kubernetes. */
bool slurm_applies(const struct machine *machine, struct findings *found);
bool kubernetes_applies(const struct machine *machine, struct findings *found);

/* Programs that start containers, but the named one: "software:docker". PRESENT when one of the
 * others is there. */
enum presence other_runtime(const struct machine *machine, const char *but);

/* One program that a node should have: PASS with its version; lacking it is WARN when another
 * program starts containers, FAIL when none does. */
void judge_runtime(const struct check_input *seen, struct item item, const char *action,
		   struct findings *found);
