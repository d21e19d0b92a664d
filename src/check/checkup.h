/*
 * All checks of a profile on one machine, and whether it passes the gate: what `assay check` says.
 * A pure function of what was seen.
 */
#pragma once

#include "check/check.h"

/* What one check said. */
struct checkup_line {
	const struct check_entry *entry;
	const struct finding *findings;
	size_t count;
	enum verdict
		worst; /* fail, unknown, stale, warn, pass, not_applicable: the first that occurs */
};

struct checkup {
	const struct machine *machine;
	enum check_profile profile;
	struct checkup_line *lines; /* in the order of the catalogue */
	size_t line_count;
	size_t checks[VERDICT_COUNT];   /* lines by their worst verdict */
	size_t findings[VERDICT_COUNT]; /* all findings */
	/* FAIL when a check fails; else UNKNOWN when a required check could not tell, or no check
	 * could; else WARN when one warns; else PASS. */
	enum verdict gate;
};

extern const char
	*const check_profile_names[]; /* "quick", "full", "security", "active"; NULL-terminated */

/* False when there is no such profile. */
bool check_profile_parse(struct span name, enum check_profile *ret_profile);

const char *check_profile_name(enum check_profile profile);

/* Runs the profile's checks of nodes on seen->machine; of those named in `only` (NULL-terminated;
 * NULL: all), of whichever profile. */
void checkup_run(const struct check_input *seen, enum check_profile profile,
		 const char *const *only, struct arena *arena, struct checkup *ret_checkup);

/* Fills in the worst verdict of each line, the counts and the gate from the findings of the lines;
 * a line without any could not tell. A gate of checks that do not apply is UNKNOWN: nothing was
 * told of the node. checkup_run uses it. */
void checkup_judge(struct checkup *checkup);

/* How many of the checks do not apply because the machine has no data centre GPU; 0 when it has
 * one, or that is not known. A pass of such a machine says nothing of GPUs, and a report has to say
 * so. */
size_t checkup_unseen_gpus(const struct checkup *checkup);

/* The worst of two verdicts, in the order above. */
enum verdict verdict_worse(enum verdict a, enum verdict b);
