/* What the writers of topology files share; each is a row of the table in topology.c. */
#pragma once

#include "fabric/fit.h"
#include "fabric/topology.h"

struct topology_job {
	const struct placement *placement;
	const struct topology_options *options;
	struct placement_tree tree;
	struct arena *arena;
	struct text *into;
	struct topology_notes *notes;
};

/* "# " and the text, on one line whatever it holds. */
void topology_comment(const struct topology_job *job, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The first lines of each file. */
void topology_head(const struct topology_job *job, const char *what);

/* A line for whoever asked. The first TOPOLOGY_NOTES_MAXIMUM are kept. */
void topology_note(const struct topology_job *job, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

enum {
	TOPOLOGY_NOTES_MAXIMUM = 1000,
	TOPOLOGY_HOSTS_SHOWN = 8, /* of a list of hosts in a note */
};

/* Names of units that fit, in the order of units. */
const char *const *topology_units(const struct topology_job *job, enum fit_form form);

/* Counts the hosts as left out and says which, in a comment and a note; nothing when there are
 * none. `why` ends the sentence "3 hosts are left out, " and is no format. */
void topology_leave(const struct topology_job *job, const char *const *hosts, uint32_t count,
		    const char *why);

/* Says, in comments and one note, of the hosts without a unit why they have none. */
void topology_say_unplaced(const struct topology_job *job, const char *what);

/* The job without the hosts that the form cannot hold, which are counted and said as left out.
 * `why` as above. */
void topology_keep(const struct topology_job *job,
		   bool (*can_hold)(const struct placement_host *host, const void *context),
		   const void *context, const char *why, struct topology_job *ret_job);

bool topology_write_tree(const struct topology_job *job, struct error *err);
bool topology_write_yaml(const struct topology_job *job, struct error *err);
bool topology_write_blocks(const struct topology_job *job, struct error *err);
bool topology_write_kubernetes(const struct topology_job *job, struct error *err);
bool topology_write_kueue(const struct topology_job *job, struct error *err);
bool topology_write_volcano(const struct topology_job *job, struct error *err);
bool topology_write_nccl(const struct topology_job *job, struct error *err);
bool topology_write_hosts(const struct topology_job *job, struct error *err);
