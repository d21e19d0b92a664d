/*
 * Judges: evidence in, findings out. A check sees records and nothing else: no clock, no file.
 * docs/adding-a-check.md shows how one is added.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "check/machine.h"
#include "evidence/record.h"

struct claims;

enum verdict {
	VERDICT_PASS,
	VERDICT_WARN,
	VERDICT_FAIL,
	VERDICT_UNKNOWN,        /* tried, could not tell */
	VERDICT_NOT_APPLICABLE, /* with the reason */
	VERDICT_STALE,          /* older than its cadence */
	VERDICT_COUNT,
};

extern const char *const verdict_names[VERDICT_COUNT];

struct finding {
	enum verdict verdict;
	const char *about;  /* the thing judged: a measure, a device; NULL: the node */
	const char *text;   /* what was seen and what was expected, with units */
	const char *bar;    /* the bar with the table row and its source; NULL for none */
	const char *action; /* what to do, as "drain; reset the GPU"; NULL when all is well */
	const char *clears; /* what ends a sticky finding; NULL: the next look */
	bool absent;   /* a warning: what is asked for is not there at all; settles as a failure */
	bool attested; /* somebody states it and nobody measured it: UNKNOWN, never PASS */
	const struct record *evidence[4]; /* what it rests on; NULL-terminated unless full */
	date_t observed;                  /* newest of its evidence */
	enum strength strength;           /* weakest that the verdict needs */
};

struct findings {
	struct finding *items;
	size_t count, room;
	struct arena *arena;
};

/* Appends a finding and returns it for the fields beyond verdict and text. */
struct finding *findings_add(struct findings *found, enum verdict verdict, const char *about,
			     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds a record, which may be NULL, to the evidence of a finding (four at most; of more the first
 * four are kept), its day and its strength. Returns the finding. */
struct finding *finding_rests_on(struct finding *finding, const struct record *record);

/* What a check looks at: the records that concern one unit, valid on the day; or, for a check of
 * nodes, one machine. */
struct check_input {
	const struct record *const *records;
	size_t count;
	const struct machine *machines; /* all nodes among the records; filled by check_prepare */
	size_t machine_count;
	const struct machine
		*machine;             /* the one to judge, for a check of nodes; never NULL there */
	const struct machine *golden; /* a recorded good node to compare with; NULL for none */
	const struct machine *cohort; /* other nodes, for what they measured; NULL for none */
	size_t cohort_count;
	const struct claims *claims;     /* what was sold; NULL for none */
	const struct handbook *handbook; /* NULL: every bar is unknown */
	date_t today;                    /* DATE_NONE: nothing expires */
	date_t not_before;               /* machines that were seen earlier are left out */
};

enum check_scope {
	SCOPE_UNIT, /* judges all records of a rated unit at once */
	SCOPE_NODE, /* judges each node for itself */
};

enum check_profile {
	PROFILE_QUICK = 1 << 0,    /* a second before a job: what must not wait */
	PROFILE_FULL = 1 << 1,     /* everything that needs no load */
	PROFILE_SECURITY = 1 << 2, /* versions, isolation, defaults */
	PROFILE_ACTIVE = 1 << 3,   /* what active tests measured under load */
};

struct check {
	const char *title;
	const char *since;
	const char *needs; /* the prefix of `what` that it reads, such as "claim." */
	enum check_scope scope;
	unsigned profiles; /* enum check_profile; none: only a rating runs it */
	unsigned parts;    /* enum machine_part: all must be there, else it does not apply */
	bool required;     /* the gate of a node fails when it could not tell */
	unsigned settle_s; /* debounce: an agent raises it only when it held for so many seconds */
	const char *cmax;  /* ids of the same ground in ClusterMAX's own tool, separated by blanks;
			      NULL */
	void (*judge)(const struct check_input *seen, struct findings *found);
};

struct check_entry {
	const char *name; /* "claim-consistent", from its path */
	const char *page; /* the text of its .md */
	const struct check *check;
};

extern const struct check_entry check_catalogue[];
extern const size_t check_catalogue_count;

const struct check_entry *check_find(const char *name);

/* Sorts the nodes among the records into machines, once for all checks. */
void check_prepare(struct check_input *seen, struct arena *arena);

/* Runs a check; a check of nodes on each machine, or on seen->machine alone when it is set. A check
 * that says nothing, or whose needs are absent, is one UNKNOWN, one that has only old machines one
 * STALE; one whose parts the machine does not have is one NOT_APPLICABLE with the reason. */
void check_run(const struct check_entry *entry, const struct check_input *seen,
	       struct findings *found);

/* UNKNOWN about a device because a measure is: the text names the measure and the reason. */
struct finding *findings_add_unknown(struct findings *found, const struct machine *machine,
				     enum measure measure, const char *device);

#define CHECK(name) const struct check check_##name
