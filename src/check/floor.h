/*
 * Versions against the floors of data/advisory/floors.tsv, told in one way by all checks.
 */
#pragma once

#include "check/check.h"

struct floor_question {
	const char *component; /* of floors.tsv: "runc" */
	const char *label;     /* for people: "runc", "firmware of mlx5_0" */
	const char *about;     /* the device of the finding; NULL: the node */
	const char *version;
	const char *package;                 /* full version of the distribution's; NULL */
	const struct record *record;         /* of the version */
	const struct record *package_record; /* NULL without */
};

/* Adds one finding and returns it: PASS at or above the floor of its branch and in no open range;
 * FAIL below it or inside one, with advisory and source; UNKNOWN for a branch without a row, a
 * version that is none, a table that is too old to say that it is fit, or no table. */
struct finding *floor_find(const struct check_input *seen, const struct floor_question *question,
			   struct findings *found);

/* The same for "software:NAME", with its package. NOT_APPLICABLE when it is not installed; UNKNOWN
 * when that is not known, or when it is missing in the container around this process, which is not
 * the node. Returns the finding. */
struct finding *floor_find_software(const struct check_input *seen, const char *component,
				    const char *device, const char *label, struct findings *found);
