/*
 * Units that were given the same input and did not give what most gave: what the tests of the group
 * "corruption" saw, judged alike for processors, GPUs and paths of data.
 */
#pragma once

#include "check/check.h"

struct odd_kind {
	const char *test;     /* "corruption-cpu" */
	const char *prefix;   /* of the devices: "cpu:" */
	const char *part;     /* that stands in the device or does not: "/path:"; NULL for any */
	bool has_part;        /* whether it does */
	const char *one;      /* "hardware thread" */
	const char *well;     /* "gave the same results" */
	const char *action;   /* where one differs */
	unsigned units_least; /* of fewer nobody can say which is right, unless results are
			       * published; 0: each is held to itself */
};

/* A failure of each unit and kernel that differed, unknown of what could not be compared, and one
 * pass when all were and none differed. */
void odd_judge(const struct odd_kind *kind, const struct check_input *seen, struct findings *found);
